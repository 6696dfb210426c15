/** A small picture in coloured lights: on a canvas, and out of a file of the reader's. */
import { h, setAttr, setText } from "./kit.js";
import { written } from "./math/mosaic.js";

/** A canvas that shows maps of side × side numbers, each in the colour of its channel. */
export function lights(side, colours) {
  const node = h("canvas", { class: "attn-pixels", width: side, height: side, "aria-hidden": "true" });
  const context = node.getContext("2d");
  const image = context.createImageData(side, side);
  const data = image.data.fill(255);
  return {
    node,
    /** Adds up the channels in the list `shown`, each times its gate, and with a mask each place times its own. */
    paint(maps, shown, gates = null, places = null) {
      const sums = [0, 1, 2].map(() => new Float64Array(side * side));
      for (const c of shown) {
        const [map, gate] = [maps[c], gates ? gates[c] : 1];
        sums.forEach((sum, light) => {
          if (colours[c][light]) for (let i = 0; i < sum.length; i++) sum[i] += gate * map[i];
        });
      }
      for (let i = 0; i < side * side; i++) {
        const whole = places ? 255 * places[i] : 255;
        for (let light = 0; light < 3; light++) data[4 * i + light] = whole * sums[light][i];
      }
      context.putImageData(image, 0, 0);
    },
  };
}

/** The square in the middle of the picture in a file, made smaller, as a text. It never leaves the browser. */
export const read = async (file, side) => {
  const bitmap = await createImageBitmap(file);
  const size = Math.min(bitmap.width, bitmap.height);
  const context = h("canvas", { width: side, height: side }).getContext("2d");
  context.fillStyle = "#fff"; // behind what is transparent
  context.fillRect(0, 0, side, side);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, (bitmap.width - size) / 2, (bitmap.height - size) / 2, size, size, 0, 0, side, side);
  return written(context.getImageData(0, 0, side, side).data);
};

/** A button that opens a picture of the reader's, which may also be pasted; `take` is given it as a text. */
export function ownPicture(kit, side, take) {
  const { signal } = kit;
  const input = h("input", { type: "file", accept: "image/*", hidden: true });
  const refused = h("p", { class: "attn-refused" });
  const open = async (file) => {
    if (!file) return;
    setText(refused, "");
    try {
      const text = await read(file, side);
      if (!signal.aborted) take(text);
    } catch {
      setText(refused, "This browser cannot read that file as a picture; a PNG or a JPEG will do.");
      kit.announce(() => refused.textContent);
    }
  };
  input.addEventListener("change", () => {
    open(input.files[0]);
    input.value = ""; // the same file may be chosen again
  }, { signal });
  document.addEventListener("paste", (event) => {
    if (!input.closest(".attn")?.contains(event.target)) return;
    open([...event.clipboardData.files].find(({ type }) => type.startsWith("image/")));
  }, { signal });
  const button = kit.button("Open a picture …", () => input.click());
  setAttr(button, "title", "or paste one here; it stays in your browser");
  return { nodes: [input, refused], button };
}
