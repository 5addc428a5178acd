"use strict";

const report = JSON.parse(document.getElementById("report-data").textContent);
const BLUE = "#3a7ebf";
const ORANGE = "#d9722e";
const number = new Intl.NumberFormat("en");

const CONFIG = {
  background: null,
  font: "system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif",
  view: { stroke: null },
  axis: {
    labelColor: "#59616b", titleColor: "#59616b", labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal",
    gridColor: "#e1e2e0", domainColor: "#59616b", tickColor: "#59616b", titlePadding: 8,
  },
  legend: { orient: "top", title: null, labelFontSize: 12, labelColor: "#59616b", symbolType: "stroke", symbolStrokeWidth: 3 },
};

/** Draws a chart as SVG into the place of that name, if the page has it; the menu saves it as SVG or PNG. */
function draw(name, spec) {
  const place = document.getElementById(name);
  if (!place) return;
  const title = place.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id).textContent).join(": ");
  vegaEmbed(place, { width: "container", height: 280, description: title, autosize: { type: "fit", contains: "padding" }, ...spec }, {
    renderer: "svg", mode: "vega-lite", config: CONFIG, downloadFileName: name,
    actions: { export: true, source: false, compiled: false, editor: false },
  }).catch((failure) => { place.textContent = "This chart could not be drawn: " + failure.message; });
}

/** Labels of a logarithmic axis from 1 to `largest`: powers of ten, with 2 and 5 between them where these are few. */
function ticks(largest) {
  const steps = largest <= 2000 ? [1, 2, 5] : [1];
  const labels = [];
  for (let power = 1; power <= largest; power *= 10) {
    for (const step of steps) if (step * power <= largest) labels.push(step * power);
  }
  return labels;
}

function countAxis(title, largest) {
  return { title, values: ticks(largest), format: ",", grid: true };
}

function clusterSizes(rows) {
  const ranks = rows[rows.length - 1].lastRank;
  const largest = rows[0].size;
  return {
    data: { values: rows },
    mark: { type: "rule", strokeWidth: 7, strokeCap: "round", color: BLUE },
    encoding: {
      x: { field: "firstRank", type: "quantitative", scale: { type: "log", domain: [0.8, Math.max(ranks, 2) * 1.25], nice: false }, axis: countAxis("rank of the cluster", ranks) },
      x2: { field: "lastRank" },
      y: { field: "size", type: "quantitative", scale: { type: "log", domain: [1, largest * 1.4], nice: false }, axis: countAxis("neurons in the cluster", largest) },
      tooltip: [
        { field: "size", title: "neurons in each", format: "," },
        { field: "clusters", title: "clusters of this size", format: "," },
        { field: "firstRank", title: "from rank", format: "," },
        { field: "lastRank", title: "to rank", format: "," },
      ],
    },
  };
}

function histogram(rows, threshold) {
  const seen = rows.filter((row) => row.pairs > 0);
  const most = Math.max(1, ...seen.map((row) => row.pairs));
  const total = rows.reduce((sum, row) => sum + row.pairs, 0);
  const x = { type: "quantitative", scale: { domain: [-1, 1], nice: false } };
  const bars = {
    data: { values: seen.map((row) => ({ ...row, share: row.pairs / total })) },
    mark: { type: "bar", binSpacing: 0 },
    encoding: {
      x: { field: "from", ...x, axis: { title: "correlation of the pair", grid: false, format: "~f", tickCount: 8 } },
      x2: { field: "to" },
      y: { field: "pairs", type: "quantitative", scale: { type: "log", domain: [0.5, most * 2], nice: false }, axis: countAxis("pairs", most) },
      y2: { datum: 0.5 },
      color: { condition: { test: `datum.from >= ${threshold} - 1e-9`, value: ORANGE }, value: BLUE },
      tooltip: [
        { field: "from", title: "from", format: ".3f" },
        { field: "to", title: "to", format: ".3f" },
        { field: "pairs", title: "pairs", format: "," },
        { field: "share", title: "share of pairs", format: ".3~p" },
      ],
    },
  };
  const here = { data: { values: [{ threshold }] }, encoding: { x: { field: "threshold", ...x } } };
  const rule = { ...here, name: "thresholdRule", mark: { type: "rule", strokeDash: [4, 3], color: "#1d2126" } };
  const label = {
    ...here,
    name: "thresholdLabel",
    mark: { type: "text", text: `threshold ${threshold}`, y: 4, dx: threshold > 0 ? -6 : 6, align: threshold > 0 ? "right" : "left", baseline: "top", fontSize: 12, color: "#1d2126" },
  };
  return { layer: [bars, rule, label] };
}

/** Curves over epochs; `series` maps a field to the name that the legend shows. */
function curves(epochs, series, y) {
  const names = Object.values(series);
  const values = epochs.flatMap((row) => Object.entries(series)
    .filter(([field]) => row[field] !== null && !(y.scale.type === "log" && row[field] <= 0))
    .map(([field, name]) => ({ epoch: row.epoch, series: name, value: row[field] })));
  const x = { field: "epoch", type: "quantitative", scale: { nice: false, zero: false }, axis: { title: "epoch", format: ",d", tickMinStep: 1, tickCount: 5, grid: false } };
  const color = { field: "series", type: "nominal", scale: { domain: names, range: [BLUE, ORANGE] }, legend: names.length > 1 ? {} : null };
  const tooltip = [{ field: "epoch", format: "," }, ...names.map((name) => ({ field: name, type: "quantitative", format: y.axis.format }))];
  return {
    height: 220,
    data: { values },
    layer: [
      {
        mark: { type: "line", strokeWidth: 2, point: values.length < 20 * names.length },
        encoding: { x, y: { field: "value", type: "quantitative", ...y }, color },
      },
      {
        transform: [{ pivot: "series", value: "value", groupby: ["epoch"] }],
        params: [{ name: "hover", select: { type: "point", fields: ["epoch"], nearest: true, on: "pointermove", clear: "pointerout" } }],
        mark: { type: "rule", color: "#8a929c" },
        encoding: { x, opacity: { condition: { param: "hover", empty: false, value: 0.7 }, value: 0 }, tooltip },
      },
    ],
  };
}

// Charts of analyses. A series has a colour, a shape and a pattern of dashes, so that none of these is needed alone; all
// colours are of middle lightness, to show on white and on dark pages.
const COLORS = ["#3a7ebf", "#d9722e", "#2f9169", "#b65aa8", "#a07f14", "#7a72c9", "#c4525a", "#1f93a6", "#7d8a3a", "#8a6f5a", "#6b8297", "#b06a88"];
const SHAPES = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right", "triangle-left"];
const DASHES = [[1, 0], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], [12, 3, 2, 3, 2, 3]];
const GREY = "#7d858f";
const LEAST_POINT = 55;

/** Widths as people write them; names as they are. */
function nameOf(value) {
  return typeof value === "number" ? number.format(value) : String(value);
}

/** What a chart draws, as one row a point: {x, value, low, high, series, side, panel}. */
function pointsOf(chart) {
  const { column, measures, series, panel } = chart.plot;
  return chart.rows.flatMap((row) => measures.map((measure) => {
    const value = row[measure.column];
    const error = row[measure.error];
    return {
      x: row[column],
      value,
      error,
      low: measure.low ? row[measure.low] : value - error,
      high: measure.high ? row[measure.high] : value + error,
      series: series ? nameOf(row[series]) + (measures.length > 1 ? ", " + measure.name : "") : measure.name,
      side: measure.side,
      panel: panel ? String(row[panel]) : "",
    };
  })).filter((point) => point.x !== undefined);
}

/** Points that an axis can show: a value that is not there stays, as a gap. */
function shownOn(axis, points) {
  return axis.scale === "log" ? points.map((point) => (point.value > 0 ? point : { ...point, value: undefined })) : points;
}

/** The scale of a vertical axis, the same in all panels. */
function verticalScale(axis, points, guides) {
  const bounds = points.flatMap((point) => [point.value, point.low, point.high]).concat(guides.flatMap((guide) => [guide.y, guide.y2]));
  const numbers = bounds.filter((number) => Number.isFinite(number));
  if (axis.scale === "log") {
    const positive = points.map((point) => point.value).filter((number) => number > 0);
    return { type: "log", domain: [Math.min(...positive) / 1.5, Math.max(...positive) * 1.5], nice: false, clamp: true };
  }
  const least = Math.min(...numbers);
  const most = Math.max(...numbers);
  const room = (most - least) * 0.06 || Math.abs(most) * 0.1 || 1;
  if (axis.scale === "linear") return { type: "linear", zero: false, domain: [least - room, Math.min(most + room, axis.format.endsWith("p") ? Math.max(1, most) : Infinity)], nice: false };
  const smallest = Math.min(0, ...points.map((point) => point.value).filter((number) => Number.isFinite(number)));
  return { type: axis.scale === "sqrt" ? "sqrt" : "linear", zero: true, domain: [smallest, most > 0 ? most * 1.06 : 1], nice: false };
}

/** Labels of a logarithmic axis: powers of ten, with 2 and 5 between them where there are few. */
function decades([from, to]) {
  const steps = to / from > 300 ? [1] : [1, 2, 5];
  const labels = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power++) {
    labels.push(...steps.map((step) => Number(step + "e" + power)).filter((label) => label >= from && label <= to));
  }
  return labels;
}

function horizontal(axis, points) {
  const values = [...new Set(points.map((point) => point.x))];
  const common = { title: axis.title, grid: false, labelOverlap: "parity", labelSeparation: 6 };
  if (axis.scale === "names") {
    return { field: "x", type: "ordinal", sort: null, scale: { type: "point", domain: values, padding: 0.4 }, axis: { ...common, labelAngle: values.some((name) => String(name).length > 6) ? -35 : 0, labelLimit: 90 } };
  }
  const least = Math.min(...values);
  const most = Math.max(...values);
  if (axis.scale === "doubling") {
    const range = least < most ? [least / 1.15, most * 1.15] : [least / 2, most * 2];
    return { field: "x", type: "quantitative", scale: { type: "log", base: 2, domain: range, nice: false }, axis: { ...common, values: values.sort((a, b) => a - b), format: axis.format } };
  }
  const from = axis.scale === "zero" ? Math.min(0, least) : least;
  const room = (most - from) * 0.04 || 1;
  const whole = axis.scale === "counted" ? { tickMinStep: 1 } : {};
  return { field: "x", type: "quantitative", scale: { zero: false, nice: false, domain: [from - (from < 0 || axis.scale !== "zero" ? room : 0), most + room] }, axis: { ...common, format: axis.format, tickCount: 6, ...whole } };
}

/** Layers of the lines and bands behind the data. */
function guidesOf(chart, panel, x, y, color) {
  const shown = chart.plot.guides.filter((guide) => panel === undefined || !guide.panel || guide.panel === panel);
  const field = (channel, name) => ({ ...channel, field: name });
  return shown.flatMap((guide) => {
    const data = { values: [guide] };
    const text = { type: "text", text: guide.label, fontSize: 11, color: "#59616b" };
    if (guide.x2 === undefined) {
      const rule = guide.y === guide.y2;
      return [
        { data, mark: rule ? { type: "rule", color: GREY, strokeDash: [5, 4] } : { type: "rect", color: GREY, opacity: 0.22 }, encoding: { y: field(y, "y"), ...(rule ? {} : { y2: { field: "y2" } }) } },
        { data, mark: { ...text, align: "right", baseline: "bottom", x: "width", dx: -4, dy: -2 }, encoding: { y: field(y, "y2") } },
      ];
    }
    if (guide.y === undefined) {
      const rule = guide.x === guide.x2;
      return [
        { data, mark: rule ? { type: "rule", color: GREY, strokeDash: [5, 4] } : { type: "rect", color: GREY, opacity: 0.22, clip: true }, encoding: { x: field(x, "x"), ...(rule ? {} : { x2: { field: "x2" } }) } },
        { data, mark: { ...text, align: "left", baseline: "bottom", y: 0, dx: -5, dy: -3 }, encoding: { x: field(x, "x2") } },
      ];
    }
    const ends = { values: [{ x: guide.x, y: guide.y, series: guide.series }, { x: guide.x2, y: guide.y2, series: guide.series }] };
    const line = { data: ends, mark: { type: "line", strokeDash: [5, 4], strokeWidth: 1.5, clip: true, color: color(guide.series) }, encoding: { x, y: field(y, "y") } };
    const label = { data: { values: [ends.values[1]] }, mark: { ...text, align: "right", baseline: "bottom", dy: -4 }, encoding: { x, y: field(y, "y") } };
    return guide.label ? [line, label] : [line];
  });
}

/** The legend wraps to what the place has room for. */
function legendOf(title, names, width) {
  if (names.length < 2) return null;
  const longest = Math.max(...names.map((name) => name.length));
  return { title: title || null, titleColor: "#59616b", titleFontWeight: "normal", columns: Math.max(1, Math.floor((width - 40) / (longest * 7 + 44))), values: names, labelLimit: width - 60, titleOrient: "left", symbolSize: 90, symbolStrokeWidth: 1, symbolOpacity: 1, orient: "top", direction: "horizontal" };
}

/** Lines through points, as plain as they come: what cannot be shown is a gap. */
function linesOf(chart, panel, place) {
  const { x: across, left, right, pointsOnly, seriesTitle } = chart.plot;
  const all = pointsOf(chart);
  const names = [...new Set(all.filter((point) => Number.isFinite(point.value)).map((point) => point.series))];
  const here = panel === undefined ? all : all.filter((point) => point.panel === panel);
  const present = names.filter((name) => here.some((point) => point.series === name && Number.isFinite(point.value)));
  const x = horizontal(across, all);
  const color = (name) => (names.includes(name) && names.length > 1 ? COLORS[names.indexOf(name) % COLORS.length] : GREY);
  const told = (range) => ({ field: "series", type: "nominal", scale: { domain: names, range: names.map((_, index) => range[index % range.length]) }, legend: legendOf(seriesTitle, present, place.clientWidth || 600) });
  const axes = right ? [["left", left], ["right", right]] : [["left", left]];
  const layers = axes.filter(([side]) => all.some((point) => point.side === side && Number.isFinite(point.value))).map(([side, axis], index) => {
    const points = shownOn(axis, all.filter((point) => point.side === side));
    const scale = verticalScale(axis, points, index === 0 ? chart.plot.guides : []);
    const y = { type: "quantitative", scale, axis: { title: axis.title, format: axis.format, grid: index === 0, ...(axis.scale === "log" ? { values: decades(scale.domain) } : { tickCount: 5 }), labelOverlap: true, orient: side } };
    const values = points.filter((point) => (panel === undefined || point.panel === panel)).map((point) => ({ ...point, low: Math.max(point.low, scale.domain[0]) }));
    const tooltip = [
      { field: "x", title: across.title, type: across.scale === "names" ? "nominal" : "quantitative", ...(across.scale === "names" ? {} : { format: across.format }) },
      ...(names.length > 1 ? [{ field: "series", title: seriesTitle || "line" }] : []),
      { field: "value", title: axis.title, type: "quantitative", format: axis.format },
    ];
    if (values.some((point) => Number.isFinite(point.error))) tooltip.push({ field: "error", title: "standard error", type: "quantitative", format: axis.format });
    const encoding = { x, y: { ...y, field: "value" }, color: told(COLORS), strokeDash: { ...told(DASHES), legend: null } };
    return {
      layer: [
        ...(index === 0 ? guidesOf(chart, panel, x, y, color) : []),
        ...(pointsOnly ? [] : [{ data: { values }, mark: { type: "line", strokeWidth: 2 }, encoding }]),
        { data: { values: values.filter((point) => Number.isFinite(point.low) && Number.isFinite(point.high)) }, mark: { type: "rule", strokeWidth: 1.5, opacity: 0.7, clip: true }, encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color: told(COLORS) } },
        { data: { values: values.filter((point) => Number.isFinite(point.value)) }, mark: { type: "point", filled: true, size: LEAST_POINT, opacity: 1 }, encoding: { x, y: encoding.y, color: encoding.color, shape: told(SHAPES), tooltip } },
      ],
    };
  });
  return layers.length > 1 ? { layer: layers, resolve: { scale: { y: "independent" } } } : layers[0];
}

/** A dendrogram: from each node up to the height of what it is part of, and across to it. */
function treeOf(chart) {
  const nodes = new Map(chart.rows.map((node) => [node.node, node]));
  const parents = new Set(chart.rows.map((node) => node.parent));
  const steps = chart.rows.filter((node) => node.parent !== undefined).flatMap((node) => {
    const parent = nodes.get(node.parent);
    return [[node.position, node.height], [node.position, parent.height], [parent.position, parent.height]].map(([position, height], order) => ({ node: node.node, position, height, order }));
  });
  const x = { field: "position", type: "quantitative", axis: null, scale: { zero: false, nice: false, domain: [-1, Math.max(...chart.rows.map((node) => node.position)) + 1] } };
  const y = { field: "height", type: "quantitative", scale: { zero: true, nice: false, domain: [0, Math.max(...chart.rows.map((node) => node.height)) * 1.05 || 1] }, axis: { title: chart.plot.left.title, format: chart.plot.left.format, tickCount: 5 } };
  const tooltip = [{ field: "neurons", format: "," }, { field: "height", title: chart.plot.left.title, type: "quantitative", format: ".3~f" }];
  const ends = chart.rows.filter((node) => !parents.has(node.node));
  const joints = chart.rows.filter((node) => parents.has(node.node));
  return {
    layer: [
      { data: { values: steps }, mark: { type: "line", color: GREY, strokeWidth: 1, strokeJoin: "miter" }, encoding: { x, y, detail: { field: "node" }, order: { field: "order" } } },
      { data: { values: joints }, mark: { type: "point", filled: true, size: 60, opacity: 0 }, encoding: { x, y, tooltip } },
      { data: { values: ends }, mark: { type: "point", filled: true, color: BLUE, opacity: 0.9 }, encoding: { x, y, tooltip, size: { field: "neurons", type: "quantitative", scale: { type: "linear", domain: [0, Math.max(...ends.map((node) => node.neurons))], range: [6, 160] }, legend: null } } },
    ],
  };
}

function drawAll(chart) {
  const spec = (panel, id) => (chart.plot.kind === "tree" ? treeOf(chart) : linesOf(chart, panel, document.getElementById(id)));
  if (!chart.panels.length) draw(chart.name, spec(undefined, chart.name));
  chart.panels.forEach((panel, index) => draw(chart.name + "-" + index, spec(panel, chart.name + "-" + index)));
}

/** Tells the correlation under the pointer, read back from the colours of the picture. */
function readMatrix() {
  const picture = document.getElementById("matrix");
  const bar = document.getElementById("color-bar");
  const output = document.getElementById("matrix-value");
  const pixels = (image) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: image.naturalWidth, height: image.naturalHeight });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    return context;
  };
  const colorAt = (context, x, y) => context.getImageData(x, y, 1, 1).data.join();
  const scale = pixels(bar);
  const correlations = new Map();
  for (let x = 0; x < bar.naturalWidth; x++) correlations.set(colorAt(scale, x, 0), (2 * x) / (bar.naturalWidth - 1) - 1);
  const matrix = pixels(picture);
  const block = report.neuronsPerBlock;
  const range = (index) => {
    const last = Math.min((index + 1) * block, report.neurons) - 1;
    return number.format(index * block) + (last > index * block ? "–" + number.format(last) : "");
  };
  picture.addEventListener("pointermove", (event) => {
    const column = Math.min(Math.floor((event.offsetX / picture.clientWidth) * picture.naturalWidth), picture.naturalWidth - 1);
    const row = Math.min(Math.floor((event.offsetY / picture.clientHeight) * picture.naturalHeight), picture.naturalHeight - 1);
    if (column < 0 || row < 0) return;
    const correlation = correlations.get(colorAt(matrix, column, row));
    output.textContent = `row ${range(row)}, column ${range(column)}: ` + (correlation === undefined ? "no value" : correlation.toFixed(2));
  });
  picture.addEventListener("pointerleave", () => { output.textContent = ""; });
}

if (report.clusterSizes?.length) draw("cluster-sizes", clusterSizes(report.clusterSizes));
if (report.histogram) draw("histogram", histogram(report.histogram, report.threshold));
if (report.training) {
  const percent = { title: null, format: ".3~p" };
  draw("error", curves(report.training, { trainError: "train", testError: "test" }, { scale: { type: "sqrt", zero: true }, axis: { ...percent, tickCount: 4 } }));
  draw("loss", curves(report.training, { trainLoss: "train loss" }, { scale: { type: "log", nice: true }, axis: { title: null, format: "~g", tickCount: 4 } }));
  draw("rate", curves(report.training, { learningRate: "learning rate" }, { scale: { type: "linear", zero: true }, axis: { title: null, format: "~g", tickCount: 6 } }));
}
if (report.neurons) Promise.all(["matrix", "color-bar"].map((id) => document.getElementById(id).decode())).then(readMatrix);
for (const chart of report.charts ?? []) drawAll(chart);
