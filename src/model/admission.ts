import type { Child, HostModel } from './host-model.js';

/** Memory and CPU as they are given away, partition by partition. The editor's hints and the engine's refusal are both this. */
export interface AdmissionReport {
  memory: { totalBytes: number; parentBytes: number };
  /** In logical processors: 4 sockets of 2 cores are 8. */
  cpu: { totalLps: number; parentLps: number };
  /** In start order. */
  children: ChildAdmission[];
}

export interface ChildAdmission {
  child: string;
  /** Startup (or static) memory plus the overhead of the virtual machine. */
  memoryBytes: number;
  /** Reserve x virtual processors. */
  reservedLps: number;
  /** Left to give after this child. */
  memoryLeftBytes: number;
  lpsLeft: number;
  /** Empty when the child starts. */
  refusals: AdmissionRefusal[];
}

export interface AdmissionRefusal {
  code: 'HV401' | 'HV402' | 'HV403' | 'HV404';
  message: string;
}

/** What has been given away so far. Values only ever come from the functions below. */
export interface Ledger {
  readonly memoryLeftBytes: number;
  readonly lpsLeft: number;
}

/** The ledger of a host with its parent running and no child started. */
export declare function openLedger(host: HostModel): Ledger;

/** Can this child start now? With it, the ledger after its start (unchanged when it is refused). */
export declare function admitChild(host: HostModel, ledger: Ledger, child: Child): { admission: ChildAdmission; ledger: Ledger };

/** Starts every child in order, on paper. */
export declare function admitHost(host: HostModel): AdmissionReport;
