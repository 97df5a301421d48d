"use strict";
// A video sprite that follows the pointer: A. Schödl, I. Essa, Controlled Animation of Video Sprites,
// SCA 2002. The tables were made beforehand; what is left is to look up the next pose, as often a
// second as the clip has frames.

const LEAVES = 1.6; // arrival radii that the target must be away before the creature goes again
const IDLE = 6; // seconds without a pointer, after which it wanders
const WANDER = 5; // seconds for which it goes to one place
const MARGIN = 0.15; // of the stage that it keeps out of while it wanders
const PATIENCE = 1.5; // seconds that it may be off the stage

// The tables: base64 of little-endian numbers, as typed arrays.
function unpacked(told) {
  const kinds = { i: Int32Array, f: Float32Array };
  const data = Object.assign({}, told);
  for (const [name, [kind, text]] of Object.entries(told.tables)) {
    data[name] = new kinds[kind](Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
  }
  data.count = data.cel.length;
  data.most = data.arcs.length / data.count; // jumps of a pose
  data.columns = data.ahead.length / data.count; // directions, and one for staying
  return data;
}

// The cheapest next pose towards an angle, or for staying; above sigma = 0 one by its probability.
function choose(data, pose, angle, stay, chance) {
  const directions = data.columns - 1;
  const at = (angle / (2 * Math.PI)) * directions;
  const low = Math.floor(at);
  let t = at - low;
  let first = ((low % directions) + directions) % directions;
  let second = (first + 1) % directions;
  if (stay) [first, second, t] = [directions, directions, 0];
  const values = [];
  for (let a = pose * data.most; a < (pose + 1) * data.most && data.arcs[a] >= 0; a++) {
    const row = data.arcs[a] * data.columns;
    const future = (1 - t) * data.ahead[row + first] + t * data.ahead[row + second];
    values.push(data.alpha * data.costs[a] + future);
  }
  const best = Math.min(...values);
  let found = values.indexOf(best);
  if (data.sigma > 0) {
    const weights = values.map((value) => Math.exp((best - value) / data.sigma));
    let left = chance * weights.reduce((sum, weight) => sum + weight, 0);
    const drawn = weights.findIndex((weight) => (left -= weight) < 0);
    if (drawn >= 0) found = drawn;
  }
  return data.arcs[pose * data.most + found];
}

function scaleAt(data, y) {
  return Math.min(Math.max(1 + data.slope * (y - data.level), 0.1), 10);
}

// The next pose towards the target, and where it stands.
function nextFrame(data, state, target, chance) {
  const dx = target.x - state.x;
  const dy = target.y - state.y;
  const near = data.arrival * data.length;
  const resting = Math.hypot(dx, dy) <= (state.resting ? near * LEAVES : near);
  const pose = choose(data, state.pose, Math.atan2(dy, dx), resting, chance);
  const scale = scaleAt(data, state.y);
  return {
    pose,
    resting,
    x: state.x + data.shift[2 * pose] * scale,
    y: state.y + data.shift[2 * pose + 1] * scale,
  };
}

// Where its footage leads it out of the stage for good, it comes in again at the other side.
function comeBack(data, state, stage) {
  const around = data.length;
  const [wide, high] = [stage.width + 2 * around, stage.height + 2 * around];
  const [x, y] = [state.x + around, state.y + around];
  const [left, top] = [Math.min(Math.max(x, 0), wide), Math.min(Math.max(y, 0), high)];
  const gone = left === x && top === y ? 0 : state.gone + 1;
  if (gone < PATIENCE * data.rate) return Object.assign({}, state, { gone });
  const [across, down] = [left === x ? x : wide - left, top === y ? y : high - top];
  return Object.assign({}, state, { gone: 0, x: across - around, y: down - around });
}

// The cel of a state, on whole pixels of the screen, as it was in the clip: it does not tremble.
function draw(context, data, atlas, state, zoom) {
  const c = 6 * data.cel[state.pose];
  const [x, y, width, height, pivotX, pivotY] = data.cels.subarray(c, c + 6);
  const scale = (zoom * scaleAt(data, state.y)) / (data.scale[state.pose] * data.shrunk);
  const across = data.mirrored[state.pose] ? -scale : scale;
  const left = Math.round(zoom * state.x - across * pivotX);
  const top = Math.round(zoom * state.y - scale * pivotY);
  context.setTransform(across, 0, 0, scale, left, top);
  context.drawImage(atlas, x, y, width, height, 0, 0, width, height);
}

function begin(data, atlas, canvas) {
  const context = canvas.getContext("2d");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const stage = { width: 0, height: 0, zoom: 1 };
  let [target, moved, place] = [null, performance.now() - 1000 * IDLE, -1];
  const fit = () => {
    const [width, height] = [window.innerWidth, window.innerHeight];
    stage.zoom = Math.min(1, Math.min(width, height) / (4 * data.length));
    [stage.width, stage.height] = [width / stage.zoom, height / stage.zoom];
    canvas.width = Math.round(width * window.devicePixelRatio);
    canvas.height = Math.round(height * window.devicePixelRatio);
    if (target) target = { x: Math.min(target.x, stage.width), y: Math.min(target.y, stage.height) };
  };
  window.addEventListener("resize", fit);
  fit();

  const point = (event) => {
    target = { x: event.clientX / stage.zoom, y: event.clientY / stage.zoom };
    [moved, place] = [performance.now(), -1];
    canvas.classList.add("led");
  };
  window.addEventListener("pointermove", point);
  window.addEventListener("pointerdown", point);
  const somewhere = () => MARGIN + (1 - 2 * MARGIN) * Math.random();

  let [before, left] = [performance.now(), 0];
  let state = { pose: 0, x: stage.width / 2, y: stage.height / 2, resting: false, gone: 0 };
  const show = (now) => {
    const turn = Math.floor(((now - moved) / 1000 - IDLE) / WANDER);
    if (turn > place && turn >= 0 && !still.matches) {
      target = { x: stage.width * somewhere(), y: stage.height * somewhere() };
      place = turn;
    }
    left = Math.min(left + ((now - before) / 1000) * data.rate, 5); // a hidden page does not catch up
    before = now;
    for (; left >= 1; left--) {
      const next = nextFrame(data, state, target ?? state, Math.random());
      state = comeBack(data, Object.assign(next, { gone: state.gone }), stage);
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    draw(context, data, atlas, state, stage.zoom * window.devicePixelRatio);
    canvas.dataset.x = state.x * stage.zoom;
    canvas.dataset.y = state.y * stage.zoom;
    window.requestAnimationFrame(show);
  };
  window.requestAnimationFrame(show);
}

if (typeof document !== "undefined") {
  const data = unpacked(JSON.parse(document.getElementById("tables").textContent));
  const atlas = document.getElementById("atlas");
  atlas.decode().then(() => begin(data, atlas, document.querySelector("canvas")));
}
