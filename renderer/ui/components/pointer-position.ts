// Where along a stage the arrow stands, so that it is in line with the device beside the glass.

/** Room that half an arrow needs at either end, of the stage. */
const clearance = 0.06;

/**
 * @param at position of the device along the glass, 0 … 1
 * @param glass length of the glass along that edge
 * @param from where the stage begins, same unit
 * @param length of the stage, same unit
 * @returns position along the stage, 0 … 1, never so near an end that the arrow is cut
 */
export const alongStage = (at: number, glass: number, from: number, length: number): number =>
  length <= 0 ? at : Math.min(1 - clearance, Math.max(clearance, (at * glass - from) / length));
