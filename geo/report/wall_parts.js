// What a slide has no room for goes on to the next: block by block, item by item. It is measured on
// the screen that shows it. Without this script a section is one long slide.
"use strict";
const main = document.querySelector("main");
const sections = [...main.children];
const bodyOf = (slide) => slide.querySelector(".body");
// A picture has its slide to itself: the larger it is, the farther it is read.
const isShared = (body) => body.children.length > 1 && body.querySelector("img");
const isOver = (slide) => slide.scrollHeight > slide.clientHeight || isShared(bodyOf(slide));

function holderOf(block) {
  return block.matches("ul") ? block : block.querySelector(".bars, .rows > ul");
}

// So many items of a block stay with what is before it, else all of it moves.
function least(block) {
  return block.matches("ul, .rows") ? 2 : Infinity;
}

function emptied(block) {
  const copy = block.cloneNode(true);
  holderOf(copy).replaceChildren();
  copy.of = block;
  return copy;
}

function move(slide, next) {
  const [from, to] = [slide, next].map(bodyOf);
  const block = from.lastElementChild;
  const items = [...(holderOf(block)?.children ?? [])];
  const isAlone = from.children.length === 1;
  let rest = to.firstElementChild?.of === block ? to.firstElementChild : null;
  if (items.length > (isAlone ? 1 : least(block))) {
    if (!rest) to.prepend(rest = emptied(block));
    holderOf(rest).prepend(items.at(-1));
  } else if (isAlone) return false;
  else if (rest) {
    holderOf(rest).prepend(...items);
    block.remove();
  } else to.prepend(block);
  return true;
}

function continued(slide, number) {
  const next = slide.cloneNode(true);
  const heading = next.querySelector("h1, h2");
  heading.dataset.whole ??= heading.textContent;
  heading.textContent = `${heading.dataset.whole} (${number} av ${number})`;
  bodyOf(next).replaceChildren();
  slide.after(next);
  return next;
}

function pack(slide, number = 2) {
  if (!isOver(slide)) return;
  const next = continued(slide, number);
  while (isOver(slide) && move(slide, next));
  if (bodyOf(next).firstElementChild) pack(next, number + 1);
  else next.remove();
}

// A slide with little on it is set in larger type. On a narrow screen a section is scrolled.
function partAll() {
  main.replaceChildren(...sections.map((section, place) => {
    const slide = section.cloneNode(true);
    slide.dataset.section = place;
    slide.classList.add("now");
    return slide;
  }));
  if (innerWidth > 640) {
    [...main.children].forEach((slide) => pack(slide));
    [...main.children].forEach((slide) => {
      slide.classList.add("roomy");
      if (isOver(slide)) slide.classList.remove("roomy");
    });
  }
  [...main.children].forEach((slide, place, all) => {
    const heading = slide.querySelector("h1, h2");
    const same = all.filter((one) => one.dataset.section === slide.dataset.section);
    if (same[0] !== slide) heading.textContent = `${heading.dataset.whole} (${same.indexOf(slide) + 1} av ${same.length})`;
    slide.id = `bild-${place + 1}`;
    heading.id = `rubrik-${place + 1}`;
    slide.setAttribute("aria-labelledby", heading.id);
    slide.classList.remove("now");
  });
  return [...main.children];
}

