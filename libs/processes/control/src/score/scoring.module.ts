import { Module } from '@nestjs/common';
import { ScoreLoveController } from './score-love.controller.ts';

/** Scores by live models. Needs REWARD_MODELS and MODEL_SCORERS from the app. */
@Module({ controllers: [ScoreLoveController] })
export class ScoringModule {}
