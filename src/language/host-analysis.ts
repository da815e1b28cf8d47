import { type AstNode, DocumentState, WorkspaceCache } from 'langium';
import type { LangiumSharedServices } from 'langium/lsp';
import { type AdmissionReport, admitHost } from '../model/admission.js';
import type { HostModel } from '../model/host-model.js';
import type { HostDeclaration } from './generated/ast.js';
import { lowerPartitions } from './lowering/lower-host.js';
import { isSoundHost } from './soundness.js';

/** A sound host with its model (without scenarios and benchmarks) and who gets in. The n-th child of each is the n-th child of the declaration. */
export interface HostAnalysis {
  model: HostModel;
  admission: AdmissionReport;
}

/** Computes each host once per change of the files: rules, hovers and hints all ask for it. */
export class HostAnalyzer {
  private readonly cache: WorkspaceCache<AstNode, { analysis: HostAnalysis | undefined }>;

  constructor(shared: LangiumSharedServices) {
    this.cache = new WorkspaceCache(shared, DocumentState.ComputedScopes);
  }

  /** Undefined for a host that is not sound. */
  analyse(host: HostDeclaration): HostAnalysis | undefined {
    return this.cache.get(host, () => ({ analysis: analyseHost(host) })).analysis;
  }
}

function analyseHost(host: HostDeclaration): HostAnalysis | undefined {
  const model = isSoundHost(host) ? lowerPartitions(host) : undefined;
  return model && { model, admission: admitHost(model) };
}
