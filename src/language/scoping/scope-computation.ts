import { type AstNode, type AstNodeDescription, DefaultScopeComputation, type LocalSymbols, MultiMap } from 'langium';

/** Only top-level declarations are exported; names inside a host or hardware are found through it (see scope-provider.ts). */
export class HvhostScopeComputation extends DefaultScopeComputation {
  override async collectLocalSymbols(): Promise<LocalSymbols> {
    return new MultiMap<AstNode, AstNodeDescription>();
  }
}
