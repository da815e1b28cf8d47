import fc from 'fast-check';

/**
 * Properties draw the same examples in every run, so that a change is judged by what it changes and not by chance.
 * `HVHOST_SEED=7 npm run test:unit` draws others; what fails then becomes an example of its own.
 */
fc.configureGlobal({ seed: Number(process.env['HVHOST_SEED'] ?? 1) });
