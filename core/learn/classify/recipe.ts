/** How a classifier is trained. */
export interface ClassifyRecipe {
  readonly epochs: number;
  readonly batch: number;
  /** Largest learning rate of Adam. */
  readonly rate: number;
  /** How the learning rate goes down: half a cosine to 0, or to a tenth after each third of the training, or not at all. */
  readonly schedule: 'cosine' | 'steps' | 'constant';
  /** Steps over which the rate rises from 0. */
  readonly warmUp: number;
  /** Share taken off each weight per step and unit of learning rate (AdamW). */
  readonly weightDecay: number;
  /** Share of each label that is spread evenly over all classes while training. **Source**: Szegedy et al. 2016. */
  readonly labelSmoothing: number;
  /**
   * Share of the training over which random changes of pictures grow, with the square of the time, from nothing to their
   * full strength; 0 where they have it at once.
   */
  readonly easing: number;
  /** Epochs without a better validation error after which training ends; 0 trains to the end. */
  readonly patience: number;
}
