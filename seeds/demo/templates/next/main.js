// What a browser does with the page's state: the text appears. A reader of feeds has to find it there by itself.
const state = JSON.parse(document.getElementById("__NEXT_DATA__").textContent).props.pageProps;
const place = document.querySelector("[aria-busy]");
if (state.story && place) {
  for (const line of place.querySelectorAll("div")) line.remove();
  for (const block of state.story.body) {
    if (block.type !== "paragraph") continue;
    const paragraph = document.createElement("p");
    paragraph.textContent = block.content.map((part) => part.text).join("");
    place.append(paragraph);
  }
  place.removeAttribute("aria-busy");
}
