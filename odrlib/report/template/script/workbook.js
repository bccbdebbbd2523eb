// Workbook: all tables of the page as one XLSX, made here, with no library and no network.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const xml = (text) => String(text)
  .replace(NOT_XML, "\ufffd").replace(/\r\n?/g, "\n")
  .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_") // Excel reads _x0041_ as a letter
  .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
const STYLES = { plain: 0, head: 1, day: 2, moment: 3, percent: 4, whole: 5 }; // places in cellXfs below
const LONGEST = 32767; // letters that Excel takes in a cell
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

// A text is always an inline string: nothing in a file can become a formula.
const textCell = (text, style = STYLES.plain) => {
  const whole = String(text);
  const cut = whole.length > LONGEST ? `${whole.slice(0, LONGEST - 1)}…` : whole;
  return `<c t="inlineStr"${style ? ` s="${style}"` : ""}><is><t xml:space="preserve">${xml(cut)}</t></is></c>`;
};
const numberCell = (number, style = STYLES.plain) => `<c${style ? ` s="${style}"` : ""}><v>${number}</v></c>`;
const dayCell = (text) => {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (!found || found[1] < "1901") return textCell(text); // Excel's calendar is wrong in 1900
  const [, year, month, day, hour = 0, minute = 0, second = 0] = found;
  const serial = Date.UTC(year, month - 1, day, hour, minute, second) / 86400000 + 25569;
  return numberCell(serial, found[4] === undefined ? STYLES.day : STYLES.moment);
};
const cellsOf = (column) => {
  const known = column.text.find((text) => text !== MISSING) || "";
  const whole = column.sort?.every((value) => value === null || Number.isInteger(value));
  const style = known.endsWith("%") ? STYLES.percent : whole ? STYLES.whole : STYLES.plain;
  return (row) => {
    if (column.text[row] === MISSING) return "<c/>";
    const value = column.sort ? column.sort[row] : column.text[row];
    if (value === null || value === undefined) return textCell(column.text[row]);
    if (typeof value === "number") return numberCell(value, style);
    return column.kind === "day" ? dayCell(value) : textCell(value);
  };
};
const sheetOf = (heads, rows, widths) =>
  `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">` +
  '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>' +
  widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${Math.min(60, Math.max(8, width + 2))}" customWidth="1"/>`).join("") +
  `</cols><sheetData><row>${heads.map((head) => textCell(head, STYLES.head)).join("")}</row>` +
  `${rows.map((row) => `<row>${row.join("")}</row>`).join("")}</sheetData></worksheet>`;
const tableSheet = ({ columns, held }) => {
  const cells = columns.map(cellsOf);
  const widths = columns.map(({ label, text }) => text.slice(0, 200).reduce((most, each) => Math.max(most, each.length), label.length));
  return sheetOf(columns.map(({ label }) => label), Array.from({ length: held }, (_, row) => cells.map((cell) => cell(row))), widths);
};
// At most 31 letters, none of []:*?/\, no apostrophe at an end, no two alike, and never "History".
const sheetNames = (wanted) => {
  const used = new Set(["history"]);
  return wanted.map((name) => {
    const clean = name.replace(/[[\]:*?/\\]/g, " ").replace(NOT_XML, " ").trim().replace(/^'+|'+$/g, "") || "table";
    for (let n = 1; ; n += 1) {
      const end = n > 1 ? ` ${n}` : "";
      const free = clean.slice(0, 31 - end.length).trim() + end;
      if (!used.has(free.toLowerCase())) { used.add(free.toLowerCase()); return free; }
    }
  });
};

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});
const checksum = (bytes) => {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = CRC[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
};
const deflated = async (bytes) => new Uint8Array(
  await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer());
// Fields of a zip header: two or four bytes each, the lowest first.
const fields = (...pairs) => Uint8Array.from(pairs.flatMap(([size, value]) =>
  Array.from({ length: size }, (_, at) => (value >>> (8 * at)) & 255)));
const zipped = async (files) => {
  const [bodies, list] = [[], []];
  let at = 0;
  for (const [path, text] of files) {
    const [name, plain] = [path, text].map((each) => new TextEncoder().encode(each));
    const body = await deflated(plain);
    const about = [[2, 20], [2, 0x800], [2, 8], [2, 0], [2, 0x21], [4, checksum(plain)], [4, body.length], [4, plain.length], [2, name.length], [2, 0]];
    bodies.push(fields([4, 0x04034b50], ...about), name, body);
    list.push(fields([4, 0x02014b50], [2, 20], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]), name);
    at += 30 + name.length + body.length;
  }
  const size = list.reduce((sum, part) => sum + part.length, 0);
  const end = fields([4, 0x06054b50], [4, 0], [2, files.length], [2, files.length], [4, size], [4, at], [2, 0]);
  return [...bodies, ...list, end];
};

const workbook = async (tables, words) => {
  const names = sheetNames([words.sheet, ...tables.map(({ download }) => download.replace(/\.csv$/, ""))]);
  const index = sheetOf(
    [words.sheet_name, words.sheet_table, words.sheet_rows],
    tables.map(({ caption, total }, at) => [textCell(names[at + 1]), textCell(caption), numberCell(total, STYLES.whole)]),
    [31, 60, 8],
  );
  const sheets = [index, ...tables.map(tableSheet)];
  const path = (at) => `xl/worksheets/sheet${at + 1}.xml`;
  const type = (part, kind) => `<Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`;
  const relation = (id, kind, target) => `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`;
  const styles = `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>` +
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>' +
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>' +
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6">' +
    [[0, 0], [0, 1], [164, 0], [165, 0], [10, 0], [3, 0]].map(([format, font]) =>
      `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`).join("") +
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';
  const files = [
    ["[Content_Types].xml", `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>' +
      `${type("xl/workbook.xml", "sheet.main")}${type("xl/styles.xml", "styles")}${sheets.map((_, at) => type(path(at), "worksheet")).join("")}</Types>`],
    ["_rels/.rels", `${XML}<Relationships xmlns="${RELATIONS}">${relation("rId1", "officeDocument", "xl/workbook.xml")}</Relationships>`],
    ["xl/workbook.xml", `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
      `${names.map((name, at) => `<sheet name="${xml(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join("")}</sheets></workbook>`],
    ["xl/_rels/workbook.xml.rels", `${XML}<Relationships xmlns="${RELATIONS}">` +
      `${sheets.map((_, at) => relation(`rId${at + 1}`, "worksheet", path(at).slice(3))).join("")}${relation("rIdStyles", "styles", "styles.xml")}</Relationships>`],
    ["xl/styles.xml", styles],
    ...sheets.map((sheet, at) => [path(at), sheet]),
  ];
  return new Blob(await zipped(files), { type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" });
};
