import { Module } from '@nestjs/common';
import { ScoreController } from './score.controller.ts';

/** Scores by live models. Needs REWARD_MODELS and MODEL_SCORERS from the app. */
@Module({ controllers: [ScoreController] })
export class ScoringModule {}
