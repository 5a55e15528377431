const finalText = 0x81;

/**
 * A whole WebSocket frame (RFC 6455, 5.2) from a server: a text message in one piece, not masked, not compressed, put
 * together of pieces of text and of UTF-8.
 */
export function textFrame(pieces: readonly (string | Buffer)[]): Buffer {
  let length = 0;
  for (const piece of pieces) length += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = finalText;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  let at = head;
  for (const piece of pieces) at += typeof piece === 'string' ? frame.write(piece, at) : piece.copy(frame, at);
  return frame;
}
