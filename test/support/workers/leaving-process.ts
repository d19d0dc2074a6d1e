import { scalar } from '../../../core/graph/tensor.ts';
import { openStepper } from '../../../core/runtime/open-stepper.ts';
import { referenceTask } from '../reference-network.ts';

/* A program that ends with status 7 in the middle of a training step, while another thread computes its half. */
const { model, state, feeds } = referenceTask();
const stepper = await openStepper(model, state, { threads: 2 });
void stepper.step({ ...feeds, rate: scalar(1e-3), step: scalar(1) });
process.exit(7);
