/** The characters of the font that a PC shows in its text modes (code page 437), by code. */
const GRAPHICS = ' ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼';
const UPPER =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»' +
  '░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ';
const HOUSE = '⌂';

const ASCII = Array.from({ length: 0x5f }, (_, code) => String.fromCharCode(0x20 + code));
const CHARACTERS = [...GRAPHICS, ...ASCII, HOUSE, ...UPPER];

export function characterOf(code: number): string {
  return CHARACTERS[code] ?? ' ';
}
