export class LaboratoryState {
  readonly samples = 16;
}
