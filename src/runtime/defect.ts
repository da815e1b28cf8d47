/** An invariant of the engine does not hold: a defect of ours, never of the definition. */
class EngineDefect extends Error {
  override name = 'EngineDefect';
}

/** Throws an EngineDefect unless `holds`. Keep `message` constant on hot paths, so that nothing is allocated. */
export function invariant(holds: boolean, message: string): asserts holds {
  if (!holds) throw new EngineDefect(message);
}
