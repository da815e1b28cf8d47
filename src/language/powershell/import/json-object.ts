import { ImportError } from './import-error.js';

interface Range {
  minimum: number;
  maximum: number;
}

/** Enumerations: Windows PowerShell writes the number, others write the name. */
export type Enumeration<Name extends string> = Readonly<Record<Name, number>>;

/**
 * An object of the document and where it stands. What is missing or null is undefined; what is there and wrong throws an
 * ImportError with its path. Nobody asks for what is not known, so that further properties do no harm.
 */
export class JsonObject {
  constructor(
    private readonly properties: Readonly<Record<string, unknown>>,
    /** "VMs[3].Processor"; empty for the document itself. */
    readonly path: string,
  ) {}

  static document(value: unknown): JsonObject {
    return objectAt(value, '');
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number') return String(value);
    if (typeof value !== 'string') throw this.wrong(name, 'a text', value);
    return value.trim() === '' ? undefined : value;
  }

  texts(name: string): string[] {
    const value = this.value(name);
    if (value === undefined) return [];
    const list = isRecord(value) && Array.isArray(value['value']) ? value['value'] : [value].flat();
    return list.flatMap((each) => {
      if (each === null) return [];
      if (typeof each !== 'string') throw this.wrong(name, 'texts', each);
      return each;
    });
  }

  /** Whole numbers, as a number or in a text. */
  count(name: string, range: Range): number | undefined {
    const value = this.number(name, range);
    if (value !== undefined && !Number.isInteger(value)) throw this.wrong(name, 'a whole number', value);
    return value;
  }

  number(name: string, { minimum, maximum }: Range): number | undefined {
    const written = this.value(name);
    if (written === undefined || written === '') return undefined;
    const value = typeof written === 'string' ? Number(written) : written;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.wrong(name, 'a number', written);
    if (value < minimum || value > maximum) {
      throw new ImportError(`${this.at(name)}: ${value} is not between ${minimum} and ${maximum}`);
    }
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    const word = String(value).toLowerCase();
    if (word === 'true' || word === '1') return true;
    if (word === 'false' || word === '0') return false;
    throw this.wrong(name, 'true or false', value);
  }

  /** The name of an enumeration's value; undefined too where the enumeration does not have it. */
  choice<Name extends string>(name: string, of: Enumeration<Name>): Name | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' && typeof value !== 'number') throw this.wrong(name, 'a word or its number', value);
    const word = String(value).toLowerCase();
    const names = Object.keys(of) as Name[];
    return names.find((each) => each.toLowerCase() === word || String(of[each]) === word);
  }

  object(name: string): JsonObject | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : objectAt(value, this.at(name));
  }

  /** PowerShell writes a list of one as the one, and sometimes a list as `{ "value": […], "Count": … }`. */
  objects(name: string): JsonObject[] {
    const value = this.value(name);
    if (value === undefined) return [];
    const inner = isRecord(value) && Array.isArray(value['value']) ? value['value'] : value;
    if (!Array.isArray(inner)) return [objectAt(inner, this.at(name))];
    return inner.map((each, index) => objectAt(each, `${this.at(name)}[${index}]`));
  }

  at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  private value(name: string): unknown {
    return Object.hasOwn(this.properties, name) ? (this.properties[name] ?? undefined) : undefined;
  }

  private wrong(name: string, expected: string, found: unknown): ImportError {
    return new ImportError(`${this.at(name)}: expected ${expected}, found ${told(found)}`);
  }
}

function objectAt(value: unknown, path: string): JsonObject {
  if (isRecord(value)) return new JsonObject(value, path);
  const where = path === '' ? 'the document' : path;
  const hint = typeof value === 'string' ? '; ConvertTo-Json writes a text where its -Depth ends' : '';
  throw new ImportError(`${where}: expected an object, found ${told(value)}${hint}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const MOST_TOLD = 60;

function told(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MOST_TOLD ? `${text.slice(0, MOST_TOLD)}…` : text;
}
