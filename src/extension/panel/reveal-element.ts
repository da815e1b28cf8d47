import { commands, type DocumentSymbol, type Uri, ViewColumn, window, workspace } from 'vscode';

/** Shows where an element of a host is defined; the host itself when the outline does not name the element. */
export async function revealElement(uri: Uri, host: string, element: string): Promise<void> {
  const symbols = await commands.executeCommand<DocumentSymbol[] | undefined>(
    'vscode.executeDocumentSymbolProvider',
    uri,
  );
  const declaration = symbols?.find((symbol) => symbol.name === host);
  const found = declaration && (find(declaration.children, element) ?? declaration);
  await window.showTextDocument(await workspace.openTextDocument(uri), {
    viewColumn: columnOf(uri),
    selection: found?.selectionRange,
  });
}

function find(symbols: DocumentSymbol[], name: string): DocumentSymbol | null {
  for (const symbol of symbols) {
    if (symbol.name === name) return symbol;
    const inside = find(symbol.children, name);
    if (inside) return inside;
  }
  return null;
}

/** Where the file is open already, so that it does not open twice. */
function columnOf(uri: Uri): ViewColumn {
  const open = window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  return open?.viewColumn ?? ViewColumn.One;
}
