/**
 * What one step of the self-test gives, digested: computed in float64 by the reference interpreter. A test computes them
 * again.
 */
export const selfTestResults: Readonly<Record<string, number>> = {
  kernel: 0.271066786563362,
  grid: 5.309546075685883,
  bias: 0.2039610350635051,
  'kernel.m': 0.0018775591870986877,
  'kernel.v': 0.0000010987451047201939,
  'grid.m': -0.00540619168077604,
  'grid.v': -5.8072029484112e-7,
  'bias.m': 0.0046024671693264685,
  'bias.v': 0.0001031659565051493,
  loss: 0.04054084118750254,
};
