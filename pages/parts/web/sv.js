// Streamlit 1.67 has no translations: its own fixed words are put into Swedish where they appear.
// Only whole strings are replaced, never inside what the app or a user has written.
// It also mends two faults of its markup that keep out people who use a keyboard or a screen reader.
(() => {
  "use strict";

  const WORDS = {
    // Page, sidebar, menu
    "Skip to main content": "Hoppa till innehållet",
    "App pages": "Sidor",
    "Sidebar": "Sidopanel",
    "Collapse sidebar": "Dölj sidopanelen",
    "Expand sidebar": "Visa sidopanelen",
    "Navigate to home page": "Till startsidan",
    "Logo": "Logotyp",
    "View less": "Visa färre",
    "Main menu": "Huvudmeny",
    "Menu": "Meny",
    "Print": "Skriv ut",
    "Record screen": "Spela in skärmen",
    "Theme": "Tema",
    "System": "Som systemet",
    "Light": "Ljust",
    "Dark": "Mörkt",
    "Get help": "Hjälp",
    "Report a bug": "Anmäl ett fel",
    "About": "Om",
    "Clear cache": "Töm cacheminnet",
    "Made with Streamlit v": "Byggt med Streamlit ",
    "Copy version to clipboard": "Kopiera versionen",
    "Notifications": "Meddelanden",
    "Scroll tabs left": "Rulla flikarna åt vänster",
    "Scroll tabs right": "Rulla flikarna åt höger",
    "Link to heading": "Länk till rubriken",
    "Help": "Hjälp",
    "Close": "Stäng",
    "Dismiss": "Stäng",
    "Cancel": "Avbryt",
    "Copy": "Kopiera",
    "Copied": "Kopierat",
    "Copy to clipboard": "Kopiera",
    // Running, connection, errors
    "Running...": "Arbetar …",
    "Stop": "Stoppa",
    "Stopping...": "Stoppar …",
    "Rerun": "Kör om",
    "Always rerun": "Kör alltid om",
    "File change.": "Filen har ändrats.",
    "Loading": "Läser in",
    "Loading...": "Läser in …",
    "Please wait...": "Vänta …",
    "Connecting": "Ansluter",
    "Connecting to Streamlit server": "Ansluter till servern",
    "Unable to connect to Streamlit server": "Det går inte att nå servern",
    "Error": "Fel",
    "Connection error": "Anslutningen bröts",
    "Connection timed out.": "Servern svarade inte i tid.",
    "Connection lost. Please wait for the app to reconnect, then try again.":
      "Anslutningen bröts. Vänta tills den är tillbaka och försök igen.",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:":
      "Servern svarar inte. Försök igen om en stund.",
    "Streamlit server is not responding. Are you connected to the internet?":
      "Servern svarar inte. Försök igen om en stund.",
    "Error:": "Fel:",
    "TypeError": "Fel",
    "Network error": "Nätverksfel",
    "Network issue": "Nätverksfel",
    "Try again": "Försök igen",
    "Retry": "Försök igen",
    "Page not found": "Sidan finns inte",
    "Script execution error": "Något gick fel",
    "Unknown error": "Okänt fel",
    "Your app is having trouble loading the component.": "Den här delen av sidan kunde inte läsas in.",
    // Choosing
    "Choose an option": "Välj",
    "Choose options": "Välj",
    "Choose or add an option": "Välj eller lägg till",
    "Choose or add options": "Välj eller lägg till",
    "Add an option": "Lägg till",
    "Add options": "Lägg till",
    "No options to select": "Inget att välja",
    "No options to select.": "Inget att välja.",
    "No options": "Inget att välja",
    "No results": "Inga träffar",
    "Select...": "Välj",
    "Select all": "Välj alla",
    "Selected values": "Valda",
    "Selectbox": "Lista",
    "Selectbox options": "Alternativ",
    "Multiselect": "Lista",
    "Multiselect options": "Alternativ",
    "Suggestions": "Förslag",
    "Show suggestions": "Visa förslag",
    "Open": "Öppna",
    "Clear all": "Ta bort alla",
    "Clear value": "Rensa",
    "Clear entry": "Rensa",
    // Forms, numbers, dates, times
    "Increment": "Öka",
    "Decrement": "Minska",
    "This field is required.": "Fältet måste fyllas i.",
    "Invalid input.": "Värdet går inte att använda.",
    "Show password": "Visa lösenordet",
    "Hide password": "Dölj lösenordet",
    "Number is above the allowed range.": "Talet är för stort.",
    "Number is below the allowed range.": "Talet är för litet.",
    "Choose date": "Välj datum",
    "Choose date range": "Välj period",
    "Choose date and time": "Välj datum och tid",
    "Clear date": "Rensa datum",
    "Clear dates": "Rensa datum",
    "Clear date and time": "Rensa datum och tid",
    "Clear time": "Rensa tid",
    "Date range": "Period",
    "Time": "Tid",
    "Calendar": "Kalender",
    "Previous month": "Föregående månad",
    "Next month": "Nästa månad",
    "yyyy": "åååå",
    "Quick select a date range": "Välj en vanlig period",
    "Past Week": "Senaste veckan",
    "Past Month": "Senaste månaden",
    "Past 3 Months": "Senaste 3 månaderna",
    "Past 6 Months": "Senaste 6 månaderna",
    "Past Year": "Senaste året",
    "Past 2 Years": "Senaste 2 åren",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.":
      "Gå mellan datum med piltangenterna. Enter väljer, Escape stänger.",
    "Use arrow keys to navigate. Enter to select. Tab to switch between calendar and time. Escape to close.":
      "Gå med piltangenterna. Enter väljer, Tab växlar mellan kalender och tid, Escape stänger.",
    "Invalid time format. Please use HH:MM.": "Skriv tiden som TT:MM.",
    "Hours must be 0–23.": "Timmar är 0–23.",
    "Minutes must be 0–59.": "Minuter är 0–59.",
    "Previous page": "Föregående sida",
    "Next page": "Nästa sida",
    "Pagination": "Sidor",
    // Files
    "Upload": "Ladda upp",
    "file upload": "Välj fil",
    "Add files": "Lägg till filer",
    "Upload directories": "Ladda upp mappar",
    "Drag and drop files here": "Släpp filerna här",
    "Drag and drop a file here": "Släpp filen här",
    "Drag and drop directories here": "Släpp mapparna här",
    "Delete": "Ta bort",
    "Only one file is allowed.": "Bara en fil kan väljas.",
    "Download failed": "Filen kunde inte laddas ned",
    // Tables and charts
    "Fullscreen": "Helskärm",
    "Close fullscreen": "Stäng helskärm",
    "Download as CSV": "Ladda ned som CSV",
    "Download as PNG": "Ladda ned som PNG",
    "Show data": "Visa data",
    "Show chart": "Visa diagram",
    "Copy Vega-Lite spec": "Kopiera diagrammets kod",
    "Show/hide columns": "Visa eller dölj kolumner",
    "Search": "Sök",
    "Type to search": "Skriv för att söka",
    "Close Search": "Stäng sökning",
    "Previous Result": "Föregående träff",
    "Next Result": "Nästa träff",
    "Dataframe column menu": "Kolumnmeny",
    "Copy column name": "Kopiera kolumnens namn",
    "Sort ascending": "Sortera stigande",
    "Sort descending": "Sortera fallande",
    "Autosize": "Anpassa bredden",
    "Pin column": "Fäst kolumnen",
    "Unpin column": "Lossa kolumnen",
    "Hide column": "Dölj kolumnen",
    "Add row": "Lägg till rad",
    "Delete row(s)": "Ta bort rader",
    "Clear selection": "Avmarkera",
    "Automatic": "Automatiskt",
    "Localized": "Enligt webbläsaren",
    "Plain": "Utan avgränsare",
    "Compact": "Kort",
    "Duration": "Tidslängd",
    "Percent": "Procent",
    "Scientific": "Vetenskapligt",
    "Accounting": "Bokföring",
    "Distance": "Relativt",
    "Statistics": "Statistik",
    "Values": "Värden",
    "Empty": "Tomt",
    "number": "tal",
    "datetime": "datum och tid",
    "boolean": "ja eller nej",
    "Distinct": "Olika",
    "Minimum": "Minsta",
    "Maximum": "Största",
    "Average": "Medelvärde",
    "Standard deviation": "Standardavvikelse",
    "Sum": "Summa",
    "Range": "Spridning",
    "Count": "Antal",
    "25th percentile": "25:e percentilen",
    "75th percentile": "75:e percentilen",
    "Minimum length": "Kortaste",
    "Maximum length": "Längsta",
    "Average length": "Medellängd",
    "Based on sample": "Beräknat på ett urval",
    "No data": "Inga data",
    "No content": "Tomt",
    "Distribution histogram": "Fördelning",
    "Top values frequency chart": "De vanligaste värdena",
    "True/false distribution chart": "Fördelning mellan sant och falskt",
    "Vega visualization": "Diagram",
    "visualization": "diagram",
    "axis": "axel",
    "legend": "teckenförklaring",
    "bar": "stapel",
    "point": "punkt",
    "circle": "punkt",
    "Feedback rating": "Betyg",
  };

  const MONTHS = {
    January: "januari", February: "februari", March: "mars", April: "april", May: "maj", June: "juni", July: "juli",
    August: "augusti", September: "september", October: "oktober", November: "november", December: "december",
  };
  const month = (name) => MONTHS[name] ?? name;
  const day = (text) => text.replace(/^(\w+) 0?(\d+), (\d+)$/, (_, name, number, year) => `${number} ${month(name)} ${year}`);

  const PATTERNS = [
    [/^Error: (.+)$/, (_, rest) => `Fel: ${translate(rest)}`],
    [/^(\d+) – (\w+)$/, (_, number, name) => `${number} – ${month(name)}`],
    [/^Selected Date: (.+)$/, (_, date) => `Valt datum: ${day(date)}`],
    [/^Selected Range: (.+) to (.+)$/, (_, from, to) => `Vald period: ${day(from)} till ${day(to)}`],
    [/^View (\d+) more$/, "Visa $1 till"],
    [/^Help for (.+)$/, "Hjälp om $1"],
    [/^Shortcut (.+)$/, "Snabbtangent $1"],
    [/^Made with Streamlit v(.+)$/, "Byggt med Streamlit $1"],
    [/^Running `(.+)`\.$/, "Arbetar …"],
    [/^The page that you have requested does not seem to exist\. .*$/, "Startsidan visas i stället."],
    [/^This app has encountered an error\. .*$/s, "Något gick fel i programmet. Felet är antecknat i serverns logg."],
    [/^Press (.+) to apply$/, "Tryck $1 för att använda"],
    [/^Press (.+) to submit form$/, "Tryck $1 för att skicka"],
    [/^add icon$/, "lägg till"],
    [/^1 result$/, "1 träff"],
    [/^You have requested page (\/.*?), but no corresponding file was found.*$/s,
      "Sidan $1 finns inte. Startsidan visas i stället."],
    [/^Select (\d+) matches$/, "Välj $1 träffar"],
    [/^Add: (.+)$/, "Lägg till: $1"],
    [/^Remove (.+)$/, "Ta bort $1"],
    [/^Delete (.+)$/, "Ta bort $1"],
    [/^You can only select up to (\d+) options?\. Remove an option first\.$/,
      "Högst $1 kan väljas. Ta bort ett val först."],
    [/^(\d+) options? available\.$/, "$1 alternativ."],
    [/^(\d+) results?$/, "$1 träffar"],
    [/^(\d+) of (\d+) results?$/, "Träff $1 av $2"],
    [/^(.+), selected$/, "$1, valt"],
    [/^Page (\d+)$/, "Sida $1"],
    [/^year, (.*)$/, "år, $1"],
    [/^month, (.*)$/, "månad, $1"],
    [/^day, (.*)$/, "dag, $1"],
    [/^Choose date, (.+)$/, "Välj datum, $1"],
    [/^Choose date range, (.+)$/, "Välj period, $1"],
    [/^(\d+) out of (\d+) stars$/, "$1 av $2 stjärnor"],
    [/^(.+) color picker$/, "$1"],
    [/^(.+) — start$/, "$1, från"],
    [/^(.+) — end$/, "$1, till"],
    [/^line mark$/, "linje"],
    [/^\w+ mark container$/, "del av diagrammet"],
    [/^([XY])-axis(?: titled '(.+)')? for .+ scale with values from (.+) to (.+)$/, "$1-axel $2 från $3 till $4"],
    [/^([XY])-axis(?: titled '(.+)')? for .+ scale with \d+ values?: (.+)$/, "$1-axel $2 med $3"],
    [/^.* legend(?: titled '(.+)')? for .+ with \d+ values?: (.+)$/, "Teckenförklaring $1 med $2"],
    [/^.* legend(?: titled '(.+)')? for .+ with values from (.+) to (.+)$/, "Teckenförklaring $1 från $2 till $3"],
    [/^Failed to fetch dynamically imported module.*$/, "Servern svarar inte. Läs in sidan igen."],
    [/^(.*) start date$/, "$1 från och med"],
    [/^(.*) end date$/, "$1 till och med"],
    [/^Number is above the allowed range\. Please enter a value less than or equal to (.+)\.$/,
      "Talet är för stort. Skriv högst $1."],
    [/^Number is below the allowed range\. Please enter a value greater than or equal to (.+)\.$/,
      "Talet är för litet. Skriv minst $1."],
    [/^Number is outside the allowed range\. Please enter a value between (.+) and (.+)\.$/,
      "Skriv ett tal mellan $1 och $2."],
    [/^(\d+) ?([KMGT]?B) per file$/, "Högst $1 $2 per fil"],
    [/^File must be (.+) or smaller\.$/, "Filen får vara högst $1."],
    [/^(.+) files are not allowed\.$/, "Filer av typen $1 går inte att använda."],
  ];

  // Streamlit's words among the options of a list, where everything else is data.
  const IN_LISTS = /^(No results|Select all|Select \d+ matches|Add: .+|You can only select up to .+)$/;

  // What the app or a user wrote. Streamlit sets its own words in the same kind of element too:
  // there the innermost element decides.
  const THEIRS = "[translate=no], [data-testid=stMarkdownContainer], [data-testid=stText], " +
    "[data-testid=stTable], [data-testid=stMetric], [data-testid=stJson], " +
    "[role=gridcell], [role=columnheader], [role=tab], canvas, code, pre, textarea, script, style";
  const OURS = "[data-testid=stFileUploaderDropzone], [data-testid=stTooltipContent], " +
    "[data-testid=stElementToolbar], [data-testid=stStatusWidget]";
  const ATTRIBUTES = ["aria-label", "aria-roledescription", "aria-valuetext", "title", "placeholder", "alt"];

  const translate = (text) => {
    if (Object.hasOwn(WORDS, text)) return WORDS[text];
    const found = PATTERNS.find(([pattern]) => pattern.test(text));
    return found ? text.replace(...found).replace(/ {2,}/g, " ") : text;
  };

  const isChrome = (element, text) => {
    if (element.closest("[role=option]")) return IN_LISTS.test(text);
    const theirs = element.closest(THEIRS);
    return !theirs || theirs.closest(OURS) !== null;
  };

  const doText = (node) => {
    const text = node.data.trim();
    const swedish = translate(text);
    if (swedish !== text && node.parentElement && isChrome(node.parentElement, text)) {
      node.data = node.data.replace(text, () => swedish);
    }
  };

  const doAttributes = (element) => {
    for (const name of ATTRIBUTES) {
      const value = element.getAttribute(name);
      const swedish = value && translate(value);
      if (swedish !== value && !element.closest("[translate=no]")) element.setAttribute(name, swedish);
    }
    if (element.tagName === "IFRAME" && element.title.startsWith("streamlit_folium")) {
      element.title = "Karta";
    }
    repair(element);
  };

  const repair = (element) => {
    const parent = element.parentElement;
    if (element.tagName !== "DIV" || !parent) return;
    // A page list with groups is <ul><div><header/><li/></div></ul>: no list to a screen reader.
    if (parent.dataset.testid === "stSidebarNavItems") {
      parent.setAttribute("role", "none");
      element.setAttribute("role", "list");
    }
  };

  const doTree = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return doText(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    doAttributes(node);
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const found = walker.currentNode;
      if (found.nodeType === Node.TEXT_NODE) doText(found);
      else doAttributes(found);
    }
  };

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") doAttributes(change.target);
      else if (change.type === "characterData") doText(change.target);
      else change.addedNodes.forEach(doTree);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
  });
  doTree(document.body);
})();
