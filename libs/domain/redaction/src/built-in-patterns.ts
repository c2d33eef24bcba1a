import { apiKeys, emails, ipAddresses, phones } from './ordinary-patterns.ts';
import { ibans } from './iban.ts';
import type { Pattern } from './pattern.ts';
import { paymentCards } from './payment-card.ts';

/** What a rules file may name under `builtIn`. */
export const BUILT_IN_NAMES = ['email', 'phone', 'payment-card', 'iban', 'ip', 'api-key'] as const;

type BuiltInName = (typeof BUILT_IN_NAMES)[number];

/** Each made so that a look takes linear time: see `ordinary-patterns.ts`. */
export const BUILT_IN_PATTERNS: Readonly<Record<BuiltInName, Pattern>> = {
  email: emails,
  phone: phones,
  'payment-card': paymentCards,
  iban: ibans,
  ip: ipAddresses,
  'api-key': apiKeys,
};
