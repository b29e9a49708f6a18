// The socket: JSON goes out; JSON and frames come in.

const FIRST_WAIT = 500; // milliseconds until the next try, twice as long each time
const LONGEST_WAIT = 8000;

export class Connection {
  constructor(receive) {
    this.receive = receive;
    this.wait = FIRST_WAIT;
    this.open();
  }

  open() {
    this.socket = new WebSocket(`${location.origin.replace("http", "ws")}/live`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => (this.wait = FIRST_WAIT);
    this.socket.onmessage = ({ data }) =>
      this.receive(typeof data === "string" ? JSON.parse(data) : frameOf(data));
    this.socket.onclose = ({ reason }) => {
      this.receive({ type: "lost", why: reason });
      setTimeout(() => this.open(), this.wait);
      this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
    };
  }

  send(type, more = {}) {
    if (this.socket.readyState === WebSocket.OPEN)
      this.socket.send(JSON.stringify({ type, ...more }));
  }
}

/** A frame: its header, and its arrays by their names. */
export function frameOf(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const frame = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let place = 4 + length;
  for (const array of frame.arrays) {
    const Kind = array.dtype === "f4" ? Float32Array : Uint8Array;
    const count = array.shape.reduce((product, side) => product * side, 1);
    array.values = new Kind(buffer, place, count);
    place += count * Kind.BYTES_PER_ELEMENT;
  }
  frame.arrays = Object.fromEntries(frame.arrays.map((array) => [array.name, array]));
  return frame;
}
