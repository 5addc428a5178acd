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
  const title = document.getElementById(name + "-title").textContent;
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
