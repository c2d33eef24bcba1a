/** Why an event of a type that its sender may not send is a dead letter: what the edge says, and what every replay says of it. */
export const FORBIDDEN = {
  reason: 'forbidden',
  detail: 'the key that it was sent with may not send events of this type',
  remedy:
    'send it with a server key, from where nobody can read the key; or redrive it, which takes an analyst or admin key, once it is certain that it is meant',
} as const;
