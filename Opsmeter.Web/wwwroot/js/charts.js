// One object per chart. ApexCharts is given numbers only: it writes names into the page as HTML, and the names of
// series come from telemetry. Legend, pointer box, marks and their texts are ours, and are text.
import ApexCharts from '../lib/apexcharts/apexcharts.esm.js';

// Between two drawings lies a second at least, and ten times what a drawing takes: the page stays free for everything else.
const redrawMs = 1000;
const leisure = 10;
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
    this.plot = element('div', 'chart-plot');
    this.marks = element('div', 'chart-marks');
    this.pointer = element('div', 'chart-pointer');
    this.pointer.hidden = true;
    host.replaceChildren(this.plot, this.marks, this.pointer);
    this.moved = (event) => this.point(event);
    this.left = () => this.unpoint();
    this.themed = () => this.theme();
    host.addEventListener('pointermove', this.moved);
    host.addEventListener('pointerleave', this.left);
    document.addEventListener('opsmeter:theme', this.themed);
    this.chart = new ApexCharts(this.plot, this.options());
    this.ready = this.chart.render();
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
          dataPointSelection: (_event, _chart, at) => this.clicked(at),
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
      grid: { borderColor: line, padding: { left: 8, right: 4, top: -14, bottom: -6 }, xaxis: { lines: { show: false } } },
      xaxis: {
        type: 'category', categories: this.data.buckets.map((_, i) => String(i)), tickPlacement: 'between',
        axisBorder: { show: false }, axisTicks: { show: false }, crosshairs: { show: false }, tooltip: { enabled: false },
        labels: { show: false },
      },
      yaxis: this.scale(dim),
      noData: { text: '' },
    };
  }

  // From zero to the first round step over the tallest column, with a little room for the texts of marks.
  scale(dim) {
    const top = this.data.buckets.reduce((max, _, i) =>
      Math.max(max, this.data.series.reduce((sum, s) => sum + s.values[i], 0), this.data.previous?.[i] ?? 0), 0);
    const wanted = (top * (this.data.annotations.length ? 1.1 : 1)) / 4 || 0.25;
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
    this.marks.replaceChildren();
    if (!count || !area.width) return;
    const x = (columns) => area.left + (columns / count) * area.width;
    for (const note of this.data.annotations) this.note(note, x, area);
    let free = 0;
    this.data.buckets.forEach((bucket, i) => {
      if (!bucket.tick) return;
      const tick = element('span', 'chart-tick', bucket.tick);
      this.marks.append(tick);
      const half = tick.offsetWidth / 2;
      const middle = Math.min(Math.max(x(i + 0.5), half), this.host.clientWidth - half);
      if (middle - half < free) { tick.remove(); return; }
      free = middle + half + 8;
      tick.style.left = `${middle}px`;
      tick.style.top = `${area.top + area.height + 6}px`;
    });
  }

  note(note, x, area) {
    const from = x(this.place(note.from));
    const band = element('div', `chart-note ${note.tone}${note.to === null ? ' chart-line' : ''}`);
    band.style.left = `${from}px`;
    band.style.top = `${area.top}px`;
    band.style.height = `${area.height}px`;
    if (note.to !== null) band.style.width = `${Math.max(2, x(this.place(note.to)) - from)}px`;
    const text = element('span', 'chart-note-text', note.text);
    band.append(text);
    this.marks.append(band);
    const over = from + text.offsetWidth - this.host.clientWidth;
    if (over > 0) text.style.marginLeft = `${-over}px`;
    const row = this.row(from - Math.max(0, over), text.offsetWidth);
    text.style.top = `${row * 18}px`;
  }

  // The first row of texts in which this one covers no other.
  row(left, width) {
    const taken = [...this.marks.querySelectorAll('.chart-note-text')].slice(0, -1).map((t) => {
      const box = t.getBoundingClientRect();
      const host = this.host.getBoundingClientRect();
      return { left: box.left - host.left, right: box.right - host.left, row: Math.round(parseFloat(t.style.top || '0') / 18) };
    });
    for (let row = 0; ; row++) {
      if (!taken.some((t) => t.row === row && t.left < left + width + 6 && left < t.right + 6)) return row;
    }
  }

  point(event) {
    const area = this.area();
    const box = this.host.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left - area.left) / area.width) * this.data.buckets.length);
    const inside = at >= 0 && at < this.data.buckets.length && event.clientY - box.top < area.top + area.height + 24;
    if (!inside) { this.unpoint(); return; }
    if (at !== this.hover) this.fill(at);
    this.pointer.hidden = false;
    const wanted = event.clientX - box.left + 16;
    const width = this.pointer.offsetWidth;
    this.pointer.style.left = `${wanted + width > box.width ? Math.max(0, wanted - width - 32) : wanted}px`;
  }

  fill(at) {
    this.hover = at;
    const rows = this.data.series.map((s) => [s.name, s.colour, s.values[at] ?? 0]).filter((r) => r[2] !== 0).reverse();
    const total = this.data.series.reduce((sum, s) => sum + (s.values[at] ?? 0), 0);
    const list = element('dl');
    for (const [name, colour, value] of rows) list.append(this.line(name, amount(value), colour));
    list.append(this.line('Total', amount(total)));
    if (this.data.previous) list.append(this.line('Previous period', amount(this.data.previous[at] ?? 0)));
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

  clicked(at) {
    const inSeries = at.seriesIndex >= 0 && at.seriesIndex < this.data.series.length;
    this.owner.invokeMethodAsync('OnClicked', at.dataPointIndex, inSeries ? at.seriesIndex : -1).catch(() => {});
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
    this.data = data;
    this.unpoint();
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
    this.host.removeEventListener('pointermove', this.moved);
    this.host.removeEventListener('pointerleave', this.left);
    document.removeEventListener('opsmeter:theme', this.themed);
    this.chart?.destroy();
    this.chart = null;
    this.host.replaceChildren();
  }
}

export function create(host, data, owner) {
  return new SpendChart(host, data, owner);
}
