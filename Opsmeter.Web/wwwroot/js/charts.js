// One object per chart. ApexCharts is given numbers only: it writes names into the page as HTML, and the names of
// series come from telemetry. Legend, pointer box, marks and their texts are ours, and are text.
import ApexCharts from '../lib/apexcharts/apexcharts.esm.js';

// Between two drawings lies a second at least, and ten times what a drawing takes: the page stays free for everything else.
const redrawMs = 1000;
const leisure = 10;

// A hand trembles: a drag begins only past this many pixels, until then it is a click.
const trembleOf = 5;

// Pins stand in a lane of their own above the columns, side by side where they would cover each other.
const pinSize = 20;
const pinLane = 24;

// Below this width texts would cover the columns: the bands remain, and the page lists what they are.
const roomForTexts = 520;
const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: 2 });

function amount(value) {
  if (value === 0 || Math.abs(value) >= 1) return money.format(value);
  const digits = Math.min(9, Math.max(2, 1 - Math.floor(Math.log10(Math.abs(value)))));
  return `$${value.toFixed(digits)}`;
}

function axis(value) {
  if (value === 0) return '$0';
  if (value >= 1e6) return `$${+(value / 1e6).toFixed(1)} M`;
  if (value >= 1e3) return `$${+(value / 1e3).toFixed(1)} k`;
  return value >= 1 ? `$${+value.toFixed(2)}` : amount(value);
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

class SpendChart {
  constructor(host, data, owner) {
    this.host = host;
    this.owner = owner;
    this.data = data;
    this.drawnAt = 0;
    this.drawingMs = 0;
    this.timer = 0;
    this.replaced = false;
    this.hover = -1;
    this.gone = new AbortController();
    this.drag = null;
    this.notesOf = '';
    this.notes = [];
    this.plot = this.layer('chart-plot');
    this.ticks = this.layer('chart-marks');
    this.marks = this.layer('chart-marks');
    this.band = this.layer('chart-band');
    this.pointer = this.layer('chart-pointer');
    this.pointer.hidden = this.band.hidden = true;
    host.replaceChildren(this.plot, this.ticks, this.band, this.marks, this.pointer);
    this.listen(host, 'pointermove', (event) => this.moved(event));
    this.listen(host, 'pointerleave', () => this.unpoint());
    this.listen(host, 'pointerdown', (event) => this.pressed(event));
    this.listen(host, 'pointerup', (event) => this.released(event));
    this.listen(host, 'pointercancel', () => this.undrag());
    this.listen(host, 'click', (event) => this.clicked(event));
    this.listen(document, 'keydown', (event) => { if (event.key === 'Escape') this.undrag(); });
    this.listen(document, 'opsmeter:theme', () => this.theme());
    this.allow();
    this.chart = new ApexCharts(this.plot, this.options());
    this.ready = this.chart.render();
  }

  layer(className) {
    const made = element('div', className);
    made.setAttribute('aria-hidden', 'true');
    return made;
  }

  listen(target, name, heard) {
    target.addEventListener(name, heard, { signal: this.gone.signal });
  }

  // What the page does with clicks shows in the pointer's shape and in what a finger's drag means.
  allow() {
    this.host.toggleAttribute('data-click', this.data.canClick);
    this.host.toggleAttribute('data-zoom', this.data.canZoom);
    this.marks.setAttribute('aria-hidden', String(!this.data.canOpenNotes));
  }

  colours() {
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue(`--${name}`).trim();
    const colours = this.data.series.map((s) => read(s.colour));
    if (this.data.previous) colours.push(read('ink'));
    return { colours, line: read('line'), dim: read('dim'), ink: read('ink'), panel: read('panel') };
  }

  series() {
    const list = this.data.series.map((s, i) => ({ name: `s${i}`, type: 'column', data: s.values }));
    if (this.data.previous) list.push({ name: 'previous', type: 'line', data: this.data.previous });
    return list;
  }

  options() {
    const { colours, line, dim, ink, panel } = this.colours();
    const columns = this.data.series.length;
    const lines = this.data.previous ? 1 : 0;
    const each = (column, curve) => [...Array(columns).fill(column), ...Array(lines).fill(curve)];
    const widths = each(this.data.buckets.length > 60 ? 0 : 1, 1.5);
    return {
      series: this.series(),
      colors: colours,
      chart: {
        type: lines ? 'line' : 'bar', stacked: true, stackOnlyBar: true, height: this.data.height, width: '100%',
        background: 'transparent', fontFamily: 'inherit', animations: { enabled: false }, toolbar: { show: false },
        zoom: { enabled: false }, selection: { enabled: false }, redrawOnWindowResize: true, redrawOnParentResize: true,
        parentHeightOffset: 0,
        events: {
          mounted: () => this.mark(),
          updated: () => this.mark(),
        },
      },
      plotOptions: { bar: { columnWidth: '82%', borderRadius: 0 } },
      stroke: { width: widths, dashArray: each(0, 4), curve: 'straight', colors: [...Array(columns).fill(panel), ...Array(lines).fill(ink)] },
      fill: { type: 'solid', opacity: 1 },
      markers: { size: 0, hover: { size: 0 } },
      dataLabels: { enabled: false },
      legend: { show: false },
      tooltip: { enabled: false },
      states: { hover: { filter: { type: 'none' } }, active: { filter: { type: 'none' } } },
      grid: { borderColor: line, padding: { left: 8, right: 4, top: this.hasPins() ? pinLane - 14 : -14, bottom: -6 }, xaxis: { lines: { show: false } } },
      xaxis: {
        type: 'category', categories: this.data.buckets.map((_, i) => String(i)), tickPlacement: 'between',
        axisBorder: { show: false }, axisTicks: { show: false }, crosshairs: { show: false }, tooltip: { enabled: false },
        labels: { show: false },
      },
      yaxis: this.scale(dim),
      noData: { text: '' },
    };
  }

  hasPins() {
    return this.data.annotations.some((note) => note.to === null);
  }

  // From zero to the first round step over the tallest column, with a little room for the texts of bands.
  scale(dim) {
    const top = this.data.buckets.reduce((max, _, i) =>
      Math.max(max, this.data.series.reduce((sum, s) => sum + s.values[i], 0), this.data.previous?.[i] ?? 0), 0);
    const wanted = (top * (this.data.annotations.some((note) => note.to !== null) ? 1.1 : 1)) / 4 || 0.25;
    const power = 10 ** Math.floor(Math.log10(wanted));
    const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((n) => n * power >= wanted * 0.9999) * power;
    this.max = step * 4;
    return { min: 0, max: this.max, tickAmount: 4, labels: { formatter: axis, style: { colors: dim, fontSize: '12px' } } };
  }

  // Where the columns lie, in pixels of the host.
  area() {
    const g = this.chart.w.globals;
    return { left: g.translateX, top: g.translateY, width: g.gridWidth, height: g.gridHeight };
  }

  // A moment's place among the columns, in columns: 2.5 is the middle of the third.
  place(at) {
    const starts = this.data.buckets.map((b) => b.start);
    const last = starts.length - 1;
    if (at <= starts[0]) return 0;
    for (let i = 0; i < last; i++) {
      if (at < starts[i + 1]) return i + (at - starts[i]) / (starts[i + 1] - starts[i]);
    }
    const width = last > 0 ? starts[last] - starts[last - 1] : 1;
    return Math.min(last + 1, last + (at - starts[last]) / width);
  }

  mark() {
    const area = this.area();
    const count = this.data.buckets.length;
    this.ticks.replaceChildren();
    if (!count || !area.width) return;
    const x = (columns) => area.left + (columns / count) * area.width;
    this.makeNotes();
    this.placeNotes(x, area);
    let free = 0;
    this.data.buckets.forEach((bucket, i) => {
      if (!bucket.tick) return;
      const tick = element('span', 'chart-tick', bucket.tick);
      this.ticks.append(tick);
      const half = tick.offsetWidth / 2;
      const middle = Math.min(Math.max(x(i + 0.5), half), this.host.clientWidth - half);
      if (middle - half < free) { tick.remove(); return; }
      free = middle + half + 8;
      tick.style.left = `${middle}px`;
      tick.style.top = `${area.top + area.height + 6}px`;
    });
  }

  // Made anew only when they are others: a button that is made anew loses the focus.
  makeNotes() {
    const wanted = JSON.stringify([this.data.annotations, this.data.canOpenNotes]);
    if (wanted === this.notesOf) return;
    this.notesOf = wanted;
    this.notes = this.data.annotations.map((note, index) => {
      const isPin = note.to === null;
      const band = element('div', `chart-note ${note.tone}${isPin ? ' chart-line' : ''}`);
      const text = element(this.data.canOpenNotes ? 'button' : 'span', `chart-note-text${isPin ? ' chart-pin' : ''}`, note.label);
      if (this.data.canOpenNotes) {
        text.type = 'button';
        text.setAttribute('aria-label', isPin ? `${note.label}: ${note.text}` : note.text);
        text.addEventListener('click', () => this.tell('OnNoteClicked', index));
      }
      band.append(text);
      return { note, band, text, isPin };
    });
    this.marks.replaceChildren(...this.notes.map((made) => made.band));
  }

  placeNotes(x, area) {
    const width = this.host.clientWidth;
    const placed = this.notes.map((made) => ({ ...made, from: x(this.place(made.note.from)) }));
    for (const { note, band, from } of placed) {
      band.style.left = `${from}px`;
      band.style.top = `${area.top}px`;
      band.style.height = `${area.height}px`;
      if (note.to !== null) band.style.width = `${Math.max(2, x(this.place(note.to)) - from)}px`;
    }
    this.placeTexts(placed.filter((one) => !one.isPin), width);
    this.placePins(placed.filter((one) => one.isPin), width);
  }

  // In one line: a text that would cover another one stays away.
  placeTexts(bands, width) {
    let free = 0;
    for (const { text, from } of bands) {
      text.hidden = width < roomForTexts;
      if (text.hidden) continue;
      const left = Math.min(from, width - text.offsetWidth);
      text.hidden = left < free;
      text.style.marginLeft = `${left - from}px`;
      if (!text.hidden) free = left + text.offsetWidth + 6;
    }
  }

  placePins(pins, width) {
    pins.sort((a, b) => a.from - b.from);
    let free = 0;
    for (const pin of pins) {
      pin.left = Math.max(pin.from - pinSize / 2, free);
      free = pin.left + pinSize;
    }
    let end = width;
    for (const { text, from, left } of pins.reverse()) {
      const at = Math.min(left, end - pinSize);
      end = at;
      text.style.marginLeft = `${at - from}px`;
    }
  }

  // The column under the pointer, or -1.
  column(event) {
    const area = this.area();
    const box = this.host.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left - area.left) / area.width) * this.data.buckets.length);
    const inside = at >= 0 && at < this.data.buckets.length && event.clientY - box.top < area.top + area.height + 24;
    return inside ? at : -1;
  }

  // The series under the pointer in a column, or -1: they stand on each other, the first at the bottom.
  seriesAt(column, event) {
    const area = this.area();
    const above = area.top + area.height - (event.clientY - this.host.getBoundingClientRect().top);
    const value = (above / area.height) * this.max;
    let sum = 0;
    return value < 0 ? -1 : this.data.series.findIndex((s) => { sum += s.values[column] ?? 0; return s.values[column] > 0 && value <= sum; });
  }

  point(event) {
    const pointed = this.notes.find((made) => made.text === event.target);
    if (pointed) {
      this.hover = -1;
      this.pointer.replaceChildren(element('strong', '', pointed.note.text));
      this.beside(event);
      return;
    }
    const at = event.target.closest('button') ? -1 : this.column(event);
    if (at < 0) { this.unpoint(); return; }
    if (at !== this.hover) this.fill(at);
    this.beside(event);
  }

  beside(event) {
    const box = this.host.getBoundingClientRect();
    this.pointer.hidden = false;
    const wanted = event.clientX - box.left + 16;
    const width = this.pointer.offsetWidth;
    this.pointer.style.left = `${wanted + width > box.width ? Math.max(0, wanted - width - 32) : wanted}px`;
  }

  // --- choosing a stretch of columns ---

  pressed(event) {
    this.dragged = false;
    if (!this.data.canZoom || event.button !== 0 || !event.isPrimary || event.target.closest('button')) return;
    const at = this.column(event);
    if (at >= 0) this.drag = { from: at, x: event.clientX, first: -1, last: -1 };
  }

  moved(event) {
    if (!this.drag) { this.point(event); return; }
    if (this.drag.first < 0 && Math.abs(event.clientX - this.drag.x) < trembleOf) return;
    if (this.drag.first < 0) this.host.setPointerCapture(event.pointerId);
    this.stretch(event);
  }

  stretch(event) {
    const area = this.area();
    const count = this.data.buckets.length;
    const at = Math.floor(((event.clientX - this.host.getBoundingClientRect().left - area.left) / area.width) * count);
    const to = Math.min(Math.max(at, 0), count - 1);
    const [first, last] = [Math.min(this.drag.from, to), Math.max(this.drag.from, to)];
    Object.assign(this.drag, { first, last });
    this.band.hidden = false;
    this.band.style.left = `${area.left + (first / count) * area.width}px`;
    this.band.style.width = `${((last - first + 1) / count) * area.width}px`;
    this.band.style.top = `${area.top}px`;
    this.band.style.height = `${area.height}px`;
    this.hover = -1;
    const list = element('dl');
    list.append(this.line('From', this.data.buckets[first].label), this.line('Through', this.data.buckets[last].label));
    this.pointer.replaceChildren(element('strong', '', 'Zoom in'), list);
    this.beside(event);
  }

  released(event) {
    const chosen = this.drag;
    this.undrag();
    if (!chosen || chosen.first < 0) return;
    if (this.host.hasPointerCapture(event.pointerId)) this.host.releasePointerCapture(event.pointerId);
    this.tell('OnZoomed', chosen.first, chosen.last);
  }

  undrag() {
    if (!this.drag) return;
    this.dragged = this.drag.first >= 0;
    this.drag = null;
    this.band.hidden = true;
    this.unpoint();
  }

  fill(at) {
    this.hover = at;
    const rows = this.data.series.map((s) => [s.name, s.colour, s.values[at] ?? 0]).filter((r) => r[2] !== 0).reverse();
    const total = this.data.series.reduce((sum, s) => sum + (s.values[at] ?? 0), 0);
    const list = element('dl');
    for (const [name, colour, value] of rows) list.append(this.line(name, amount(value), colour));
    list.append(this.line('Total', amount(total)));
    if (this.data.previous) list.append(this.line(this.data.lineName, amount(this.data.previous[at] ?? 0)));
    this.pointer.replaceChildren(element('strong', '', this.data.buckets[at].label), list);
  }

  line(name, value, colour) {
    const row = element('div');
    const term = element('dt');
    if (colour) {
      const swatch = element('i', 'swatch');
      swatch.style.background = `var(--${colour})`;
      term.append(swatch);
    }
    term.append(element('span', '', name));
    row.append(term, element('dd', '', value));
    return row;
  }

  unpoint() {
    this.hover = -1;
    this.pointer.hidden = true;
  }

  clicked(event) {
    if (!this.data.canClick || this.dragged || event.target.closest('button')) return;
    const column = this.column(event);
    if (column >= 0) this.tell('OnClicked', column, this.seriesAt(column, event));
  }

  tell(name, ...what) {
    this.owner.invokeMethodAsync(name, ...what).catch(() => {});
  }

  // --- called from the server ---

  update(bucket, values) {
    this.data.series.forEach((s, i) => { s.values[bucket] = values[i]; });
    if (bucket === this.hover) this.fill(bucket);
    this.later();
  }

  replace(data) {
    // What someone asked for is shown at once; a series that came by itself can wait.
    const isAsked = data.buckets[0]?.start !== this.data.buckets[0]?.start
      || !data.series.some((s) => this.data.series.some((shown) => shown.name === s.name));
    // A stretch is chosen among the columns that were there when it was begun.
    if (data.buckets[0]?.start !== this.data.buckets[0]?.start || data.buckets.length !== this.data.buckets.length) this.undrag();
    this.data = data;
    this.allow();
    if (!this.drag) this.unpoint();
    this.replaced = true;
    if (isAsked) this.redraw();
    else this.later();
  }

  theme() {
    this.replaced = true;
    this.redraw();
  }

  later() {
    if (this.timer) return;
    const rest = Math.max(redrawMs, leisure * this.drawingMs);
    this.timer = setTimeout(() => this.redraw(), Math.max(0, this.drawnAt + rest - performance.now()));
  }

  async redraw() {
    clearTimeout(this.timer);
    this.timer = 0;
    await this.ready;
    if (!this.chart) return;
    const started = performance.now();
    const before = this.max;
    const yaxis = this.scale(this.colours().dim);
    const whole = this.replaced;
    this.replaced = false;
    if (whole) await this.chart.updateOptions(this.options(), true, false, false);
    else if (this.max === before) await this.chart.updateSeries(this.series(), false);
    else await this.chart.updateOptions({ series: this.series(), yaxis }, false, false, false);
    this.drawnAt = performance.now();
    this.drawingMs = this.drawnAt - started;
  }

  dispose() {
    clearTimeout(this.timer);
    this.gone.abort();
    this.chart?.destroy();
    this.chart = null;
    this.host.replaceChildren();
  }
}

export function create(host, data, owner) {
  return new SpendChart(host, data, owner);
}
