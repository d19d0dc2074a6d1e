import { jobs } from './jobs.ts';
import { serveJobs } from './worker/serve-jobs.ts';

serveJobs(jobs);
