import { setWord, word } from '../ethernet/ip-headers.js';
import { type Ipv4Address, setIpv4 } from './ipv4.js';

/** Names to addresses (RFC 1035): queries of one question, answered from what the parent knows. */
export const DNS_PORT = 53;

const HEADER = 12;
const MAX_LABEL = 63;
const MAX_NAME = 255;
const ADDRESS = 1;
const ANY = 255;
const INTERNET = 1;
const TIME_TO_LIVE = 5;

const Flag = { Response: 0x8000, Authoritative: 0x0400, RecursionDesired: 0x0100, Truncated: 0x0200 } as const;
const OPERATION_MASK = 0x7800;
const Code = { FormatError: 1, NoSuchName: 3, NotImplemented: 4 } as const;

/** The addresses of a name in lower case without its last dot; null: there is no such name. */
export type Lookup = (name: string) => readonly Ipv4Address[] | null;

/** The answer to a query; null where it is none. */
export function answerDns(query: Uint8Array, lookup: Lookup): Uint8Array | null {
  if (query.length < HEADER) return null;
  const flags = word(query, 2);
  if ((flags & (Flag.Response | Flag.Truncated)) !== 0) return null;
  if ((flags & OPERATION_MASK) !== 0) return response(query, new Uint8Array(0), Code.NotImplemented, []);
  const question = word(query, 4) === 1 ? questionOf(query) : null;
  if (question === null) return response(query, new Uint8Array(0), Code.FormatError, []);
  const found = question.class === INTERNET ? lookup(question.name) : null;
  if (found === null) return response(query, question.bytes, Code.NoSuchName, []);
  const isAddress = question.type === ADDRESS || question.type === ANY;
  return response(query, question.bytes, 0, isAddress ? found : []);
}

interface Question {
  name: string;
  type: number;
  class: number;
  bytes: Uint8Array;
}

/** A name without pointers into the message, its type and its class. */
function questionOf(query: Uint8Array): Question | null {
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = query[at++];
    if (length === undefined || length > MAX_LABEL || at + length > query.length || at - HEADER > MAX_NAME) return null;
    if (length === 0) break;
    labels.push(String.fromCharCode(...query.subarray(at, at + length)).toLowerCase());
    at += length;
  }
  if (at + 4 > query.length) return null;
  const bytes = query.subarray(HEADER, at + 4);
  return { name: labels.join('.'), type: word(query, at), class: word(query, at + 2), bytes };
}

/** Where the question's name stands, for answers to point at. */
const POINTER_TO_QUESTION = 0xc000 | HEADER;
const RECORD = 16;

function response(
  query: Uint8Array,
  question: Uint8Array,
  code: number,
  addresses: readonly Ipv4Address[],
): Uint8Array {
  const bytes = new Uint8Array(HEADER + question.length + addresses.length * RECORD);
  bytes.set(query.subarray(0, 2));
  setWord(bytes, 2, Flag.Response | Flag.Authoritative | (word(query, 2) & Flag.RecursionDesired) | code);
  setWord(bytes, 4, question.length === 0 ? 0 : 1);
  setWord(bytes, 6, addresses.length);
  bytes.set(question, HEADER);
  let at = HEADER + question.length;
  for (const address of addresses) {
    setWord(bytes, at, POINTER_TO_QUESTION);
    setWord(bytes, at + 2, ADDRESS);
    setWord(bytes, at + 4, INTERNET);
    setWord(bytes, at + 8, TIME_TO_LIVE);
    setWord(bytes, at + 10, 4);
    setIpv4(bytes, at + 12, address);
    at += RECORD;
  }
  return bytes;
}
