import { CompositeCstNodeImpl, CstNodeBuilder, type GrammarAST, LeafCstNodeImpl } from 'langium';

type Token = Parameters<CstNodeBuilder['buildLeafNode']>[0];
type Range = CompositeCstNodeImpl['range'];

/** How far a block stands from where it was when it was read, in characters and in lines. */
export interface Place {
  offset: number;
  line: number;
}

/** Where a word stands that was just read. */
const AS_READ: Readonly<Place> = Object.freeze({ offset: 0, line: 0 });

/** A word of the text. All words of a block share one place: moving that moves them all. */
export class PlacedLeaf extends LeafCstNodeImpl {
  place: Readonly<Place> = AS_READ;

  override get offset(): number {
    return super.offset + this.place.offset;
  }

  override get end(): number {
    return super.end + this.place.offset;
  }

  override get range(): Range {
    const { start, end } = super.range;
    const { line } = this.place;
    return {
      start: { line: start.line + line, character: start.character },
      end: { line: end.line + line, character: end.character },
    };
  }
}

/** Langium remembers the range of such a node; here it is asked of the words, which may have moved. */
class PlacedComposite extends CompositeCstNodeImpl {
  /** Without a field of its own in the derived class, V8 makes each of these so large that reading takes twice as long. */
  readonly isPlaced = true;

  override get range(): Range {
    const words = this.content.filter(({ hidden }) => !hidden);
    const first = (words[0] ?? this.content[0])?.range;
    const last = (words.at(-1) ?? this.content.at(-1))?.range;
    if (!first || !last) return { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    return { start: first.start, end: last.end.line < first.start.line ? first.start : last.end };
  }
}

/** Builds trees whose positions can be moved block by block. */
export class PlacedCstBuilder extends CstNodeBuilder {
  override buildCompositeNode(feature: GrammarAST.AbstractElement): PlacedComposite {
    const node = new PlacedComposite();
    node.grammarSource = feature;
    this.appendChild(this.current, node);
    this['nodeStack'].push(node);
    return node;
  }

  protected override createLeafNode(token: Token, hidden: boolean): PlacedLeaf {
    // Langium counts from 0 and behind the end, the lexer from 1 and to the end.
    return new PlacedLeaf(
      token.startOffset,
      token.image.length,
      (token.startLine ?? 1) - 1,
      (token.startColumn ?? 1) - 1,
      (token.endLine ?? 1) - 1,
      token.endColumn ?? 0,
      token.tokenType,
      hidden,
    );
  }
}
