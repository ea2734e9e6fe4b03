// One slide at a time: keys, buttons and swipes. Without this script all slides are shown.
const part = (id) => document.getElementById(id);
// In a srcdoc frame the address is that of the page around it, and is left alone.
const hasAddress = ["file:", "http:", "https:"].includes(location.protocol);
let slides = [];
let now = 0;

function named() {
  return slides.findIndex((slide) => `#${slide.id}` === location.hash);
}

function show(number) {
  now = Math.max(0, Math.min(number, slides.length - 1));
  slides.forEach((slide, place) => slide.classList.toggle("now", place === now));
  part("count").textContent = `${now + 1} av ${slides.length}`;
  slides[now].scrollTop = 0;
  // What does not fit is scrolled: then the slide itself can be reached by Tab.
  if (slides[now].scrollHeight > slides[now].clientHeight) slides[now].tabIndex = 0;
  else slides[now].removeAttribute("tabindex");
}

// On a screen of another size the same section is shown again, as far into it as there is.
function fit() {
  const section = slides[now]?.dataset.section;
  const into = now - slides.findIndex((slide) => slide.dataset.section === section);
  slides = partAll();
  const same = slides.filter((slide) => slide.dataset.section === section);
  show(same.length ? slides.indexOf(same[Math.min(into, same.length - 1)]) : 0);
}

function go(number) {
  show(number);
  if (hasAddress) history.replaceState(null, "", `#${slides[now].id}`);
  const heading = slides[now].querySelector("h1, h2");
  heading.focus({ preventScroll: true });
  part("said").textContent = `Bild ${now + 1} av ${slides.length}: ${heading.textContent}`;
}

function fill() {
  if (!document.fullscreenEnabled) return;
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}

const forward = () => go(now + 1);
const back = () => go(now - 1);
const keys = {
  ArrowRight: forward, PageDown: forward, " ": forward, Enter: forward,
  ArrowLeft: back, PageUp: back, Backspace: back,
  Home: () => go(0), End: () => go(slides.length - 1), f: fill, F: fill,
};

addEventListener("keydown", (event) => {
  const pressesButton = event.target instanceof HTMLButtonElement && [" ", "Enter"].includes(event.key);
  if (event.ctrlKey || event.altKey || event.metaKey || pressesButton) return;
  if (!Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

let start = null;
addEventListener("touchstart", (event) => {
  start = event.touches.length === 1 ? event.touches[0] : null;
}, { passive: true });
addEventListener("touchend", (event) => {
  if (!start) return;
  const [x, y] = [event.changedTouches[0].clientX - start.clientX, event.changedTouches[0].clientY - start.clientY];
  start = null;
  if (Math.abs(x) > 60 && Math.abs(x) > 2 * Math.abs(y)) (x < 0 ? forward : back)();
}, { passive: true });

document.documentElement.classList.add("one");
document.querySelector("nav").hidden = false;
part("full").hidden = !document.fullscreenEnabled;
part("back").addEventListener("click", back);
part("next").addEventListener("click", forward);
part("full").addEventListener("click", fill);
addEventListener("hashchange", () => go(Math.max(0, named())));
for (const name of ["resize", "load"]) addEventListener(name, fit);
fit();
show(Math.max(0, named()));
