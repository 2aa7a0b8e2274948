// A loop of frames that has run for long goes on at a slower pace. Gradio's notice of a page being loaded counts
// seconds in such a loop and is taken away without ending it: the browser would draw sixty frames a second, for ever.
(() => {
  const LONG_MS = 4000; // no animation of this page takes as long
  const PAUSE_MS = 1000;
  const { requestAnimationFrame, cancelAnimationFrame } = window;
  let begun = null; // when the loop began whose frame is being drawn
  window.requestAnimationFrame = (draw) => {
    const since = begun ?? performance.now();
    const drawn = (time) => {
      const before = begun;
      begun = since;
      try {
        draw(time);
      } finally {
        begun = before;
      }
    };
    if (performance.now() - since < LONG_MS) return requestAnimationFrame(drawn);
    return -setTimeout(() => requestAnimationFrame(drawn), PAUSE_MS); // below nought, where no frame's number is
  };
  window.cancelAnimationFrame = (number) => (number < 0 ? clearTimeout(-number) : cancelAnimationFrame(number));
})();

// For each question Gradio copies the whole conversation several times over, each number and text in it by a call of
// its own to structuredClone, which takes microseconds to give back the very same. Objects are copied as ever.
(() => {
  const { structuredClone } = window;
  const plain = new Set(["string", "number", "boolean", "undefined", "bigint"]);
  window.structuredClone = (value, options) =>
    value === null || plain.has(typeof value) ? value : structuredClone(value, options);
})();
