"use strict";
(() => {
  const ROW = 15, LEFT = 92, HEAD = 22, PALETTE = 10;
  const hues = [212, 28, 150, 340, 265, 92, 188, 8, 48, 300];
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // A life is [open, close, site, openThread, closeThread, openStack, closeStack, openIndex, closeIndex].
  const OPEN = 0, CLOSE = 1, SITE = 2, OPENER = 3, CLOSER = 4, OPENSTACK = 5, CLOSESTACK = 6, OPENINDEX = 7, CLOSEINDEX = 8;

  class Timeline {
    constructor(section) {
      this.section = section;
      this.input = section.dataset.input;
      this.data = JSON.parse(section.querySelector(".data").textContent);
      this.frame = section.querySelector(".frame");
      this.tall = section.querySelector(".tall");
      this.canvas = section.querySelector("canvas");
      this.status = section.querySelector(".status");
      this.picked = section.querySelector(".picked");
      this.faults = new Map(this.data.faults || []);
      this.from = 0;
      this.to = Math.max(this.data.operations, 1);
      this.site = -1;
      this.words = "";
      this.selected = null;
      this.rank();
      this.legend();
      this.listen();
      this.filter();
    }

    // rank gives the busiest opening places the clearest colours.
    rank() {
      const count = new Array(this.data.sites.length).fill(0);
      for (const v of this.data.values) for (const l of v.l) if (l[SITE] >= 0) count[l[SITE]]++;
      this.order = count.map((n, i) => [n, i]).sort((a, b) => b[0] - a[0]).map(x => x[1]);
      this.count = count;
      this.place = new Array(count.length);
      this.order.forEach((site, i) => { this.place[site] = i; });
    }

    color(site) {
      const light = dark.matches ? 62 : 46;
      if (site < 0) return dark.matches ? "#555b64" : "#b3b7bd";
      const i = this.place[site];
      if (i < PALETTE) return `hsl(${hues[i]} 62% ${light}%)`;
      return `hsl(${(i * 67) % 360} 22% ${light}%)`;
    }

    legend() {
      const box = this.section.querySelector(".legend");
      box.replaceChildren();
      for (const site of this.order.slice(0, PALETTE)) {
        const b = document.createElement("button");
        b.type = "button";
        b.setAttribute("aria-pressed", String(this.site === site));
        const ns = "http://www.w3.org/2000/svg";
        const dot = document.createElementNS(ns, "svg");
        dot.setAttribute("viewBox", "0 0 10 10");
        dot.setAttribute("aria-hidden", "true");
        const c = document.createElementNS(ns, "circle");
        c.setAttribute("cx", "5"); c.setAttribute("cy", "5"); c.setAttribute("r", "5");
        c.setAttribute("fill", this.color(site));
        dot.append(c);
        b.append(dot, `${this.data.sites[site]} (${this.count[site]})`);
        b.title = this.data.sites[site];
        b.addEventListener("click", () => {
          this.site = this.site === site ? -1 : site;
          this.legend();
          this.filter();
        });
        box.append(b);
      }
    }

    listen() {
      const form = this.section.querySelector(".controls");
      form.addEventListener("submit", e => e.preventDefault());
      form.elements.filter.addEventListener("input", e => { this.words = e.target.value.trim().toLowerCase(); this.filter(); });
      form.elements.in.addEventListener("click", () => this.zoom(0.5));
      form.elements.out.addEventListener("click", () => this.zoom(2));
      form.elements.all.addEventListener("click", () => this.all());
      this.canvas.addEventListener("keydown", e => this.key(e));
      this.canvas.addEventListener("wheel", e => this.wheel(e), { passive: false });
      this.canvas.addEventListener("pointerdown", e => this.down(e));
      this.canvas.addEventListener("pointermove", e => this.move(e));
      this.canvas.addEventListener("pointerup", e => this.up(e));
      this.frame.addEventListener("scroll", () => this.later());
      new ResizeObserver(() => this.later()).observe(this.frame);
      dark.addEventListener("change", () => { this.legend(); this.later(); });
    }

    // filter keeps the values that have what is asked for.
    filter() {
      const words = this.words, d = this.data;
      const hit = words === "" ? null : {
        sites: d.sites.map(s => s.toLowerCase().includes(words)),
        threads: d.threads.map(s => s.toLowerCase().includes(words)),
      };
      this.rows = [];
      let lives = 0;
      for (let i = 0; i < d.values.length; i++) {
        const v = d.values[i];
        const named = !hit || v.v.includes(words) || (v.t || "").toLowerCase().includes(words);
        const keep = l => (this.site < 0 || l[SITE] === this.site) &&
          (named || hit.sites[l[SITE]] || hit.threads[l[OPENER]] || hit.threads[l[CLOSER]]);
        const kept = v.l.filter(keep);
        const failures = (v.f || []).filter(f => this.site < 0 && (named || hit.threads[f[1]]));
        if (kept.length || failures.length) {
          this.rows.push({ v, lives: kept, failures });
          lives += kept.length;
        }
      }
      this.tall.style.height = `${HEAD + this.rows.length * ROW + 8}px`;
      this.status.textContent = `${this.rows.length} of ${d.values.length} values, ${lives} lives`;
      if (this.selected && !this.rows.includes(this.selected.row)) this.select(null);
      this.later();
    }

    later() {
      if (this.pending) return;
      this.pending = true;
      requestAnimationFrame(() => { this.pending = false; this.draw(); });
    }

    x(time) { return LEFT + (time - this.from) / (this.to - this.from) * (this.width - LEFT - 6); }
    time(x) { return this.from + (x - LEFT) / (this.width - LEFT - 6) * (this.to - this.from); }

    draw() {
      const style = getComputedStyle(document.documentElement);
      const css = name => style.getPropertyValue(name).trim();
      const ratio = devicePixelRatio || 1;
      this.width = this.frame.clientWidth;
      this.height = this.frame.clientHeight;
      if (!this.width) return;
      this.canvas.width = this.width * ratio;
      this.canvas.height = this.height * ratio;
      const c = this.canvas.getContext("2d");
      c.scale(ratio, ratio);
      c.fillStyle = css("--card");
      c.fillRect(0, 0, this.width, this.height);
      const colors = this.data.sites.map((_, i) => this.color(i));
      const top = this.frame.scrollTop;
      const first = Math.max(0, Math.floor((top - HEAD) / ROW) - 1);
      const last = Math.min(this.rows.length, Math.ceil((top + this.height) / ROW) + 1);
      c.font = "11px ui-monospace, Consolas, monospace";
      c.textBaseline = "middle";
      this.grid(c, css);
      c.save();
      c.beginPath(); c.rect(0, HEAD, this.width, this.height - HEAD); c.clip();
      for (let i = first; i < last; i++) this.row(c, css, colors, this.rows[i], HEAD + i * ROW - top);
      c.restore();
    }

    grid(c, css) {
      const span = this.to - this.from;
      const step = Math.max(1, Math.pow(10, Math.floor(Math.log10(span / 5))));
      const wide = span / step > 25 ? step * 5 : span / step > 10 ? step * 2 : step;
      c.strokeStyle = css("--grid"); c.fillStyle = css("--quiet");
      for (let t = Math.ceil(this.from / wide) * wide; t <= this.to; t += wide) {
        const x = Math.round(this.x(t)) + 0.5;
        c.beginPath(); c.moveTo(x, HEAD); c.lineTo(x, this.height); c.stroke();
        c.fillText(String(t), x + 3, HEAD / 2);
      }
    }

    row(c, css, colors, row, y) {
      const mid = y + ROW / 2;
      c.fillStyle = css("--quiet");
      c.fillText(row.v.v.slice(0, 12), 8, mid);
      let edge = -1;
      for (const l of row.lives) {
        const open = l[OPEN] < 0 ? -1 : l[OPEN], close = l[CLOSE] < 0 ? this.data.operations : l[CLOSE];
        if (close < this.from || open > this.to) continue;
        const x0 = Math.max(this.x(open), LEFT), x1 = Math.max(this.x(close), x0 + 1);
        // Lives that fall on one pixel are drawn once.
        if (x1 < edge) continue;
        edge = Math.floor(x1) + (x1 - x0 < 1.5 ? 1 : 0);
        c.fillStyle = l[SITE] < 0 ? this.color(-1) : colors[l[SITE]];
        c.globalAlpha = l[OPEN] < 0 || l[CLOSE] < 0 ? 0.55 : 1;
        c.fillRect(x0, y + 3, Math.max(x1 - x0 - 1, 1), ROW - 6);
        c.globalAlpha = 1;
        this.mark(c, css, l[OPEN], y);
        this.mark(c, css, l[CLOSE], y);
        if (this.selected && this.selected.life === l) {
          c.strokeStyle = css("--focus"); c.lineWidth = 2;
          c.strokeRect(x0 - 1.5, y + 1.5, Math.max(x1 - x0 + 1, 3), ROW - 3);
          c.lineWidth = 1;
        }
      }
      for (const f of row.failures) {
        if (f[0] < this.from || f[0] > this.to) continue;
        const x = this.x(f[0]);
        c.strokeStyle = css("--certain"); c.lineWidth = 1.5;
        c.beginPath(); c.moveTo(x - 3, mid - 3); c.lineTo(x + 3, mid + 3); c.moveTo(x + 3, mid - 3); c.lineTo(x - 3, mid + 3); c.stroke();
        c.lineWidth = 1;
        this.mark(c, css, f[0], y);
      }
    }

    // mark points at an operation of a finding.
    mark(c, css, time, y) {
      if (time < 0 || !this.faults.has(time)) return;
      const x = this.x(time);
      c.fillStyle = css("--certain");
      c.beginPath(); c.moveTo(x - 4, y); c.lineTo(x + 4, y); c.lineTo(x, y + 6); c.fill();
    }

    zoom(factor, center) {
      const all = Math.max(this.data.operations, 1);
      if (center === undefined) center = this.selected ? this.middle(this.selected) : (this.from + this.to) / 2;
      const span = Math.min(Math.max((this.to - this.from) * factor, 8), all);
      const part = (center - this.from) / (this.to - this.from);
      this.from = Math.min(Math.max(center - span * part, 0), all - span);
      this.to = this.from + span;
      this.later();
    }

    all() { this.from = 0; this.to = Math.max(this.data.operations, 1); this.later(); }

    pan(by) {
      const span = this.to - this.from;
      this.from = Math.min(Math.max(this.from + by, 0), Math.max(this.data.operations, 1) - span);
      this.to = this.from + span;
      this.later();
    }

    wheel(e) {
      if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) {
        e.preventDefault();
        this.pan((e.deltaX || e.deltaY) / this.width * (this.to - this.from));
      } else if (!e.altKey) {
        e.preventDefault();
        this.zoom(Math.exp(e.deltaY / 300), this.time(Math.max(this.at(e)[0], LEFT)));
      }
    }

    at(e) {
      const box = this.canvas.getBoundingClientRect();
      return [e.clientX - box.left, e.clientY - box.top];
    }

    down(e) {
      this.drag = { x: e.clientX, y: e.clientY, from: this.from, top: this.frame.scrollTop, moved: false };
      this.canvas.setPointerCapture(e.pointerId);
    }

    move(e) {
      if (!this.drag) return;
      const dx = e.clientX - this.drag.x, dy = e.clientY - this.drag.y;
      if (Math.abs(dx) + Math.abs(dy) > 4) this.drag.moved = true;
      if (!this.drag.moved) return;
      this.pan(this.drag.from - dx / (this.width - LEFT) * (this.to - this.from) - this.from);
      this.frame.scrollTop = this.drag.top - dy;
    }

    up(e) {
      const drag = this.drag;
      this.drag = null;
      if (drag && !drag.moved) this.select(this.hit(...this.at(e)));
    }

    hit(x, y) {
      const row = this.rows[Math.floor((y + this.frame.scrollTop - HEAD) / ROW)];
      if (!row || y < HEAD) return null;
      const t = this.time(x), slack = (this.to - this.from) / this.width * 4;
      const failure = row.failures.find(f => Math.abs(f[0] - t) <= slack);
      if (failure) return { row, failure };
      const life = row.lives.find(l => (l[OPEN] < 0 ? 0 : l[OPEN]) - slack <= t && t <= (l[CLOSE] < 0 ? this.data.operations : l[CLOSE]) + slack);
      return life ? { row, life } : null;
    }

    middle(s) {
      if (s.failure) return s.failure[0];
      const l = s.life;
      return ((l[OPEN] < 0 ? 0 : l[OPEN]) + (l[CLOSE] < 0 ? this.data.operations : l[CLOSE])) / 2;
    }

    select(s) {
      this.selected = s;
      this.picked.replaceChildren();
      if (s) {
        this.describe(s);
        this.reveal(s);
      }
      this.later();
    }

    reveal(s) {
      const y = HEAD + this.rows.indexOf(s.row) * ROW;
      if (y < this.frame.scrollTop + HEAD) this.frame.scrollTop = y - HEAD - ROW;
      if (y + ROW > this.frame.scrollTop + this.frame.clientHeight) this.frame.scrollTop = y + 2 * ROW - this.frame.clientHeight;
      const t = this.middle(s);
      if (t < this.from || t > this.to) this.pan(t - (this.from + this.to) / 2);
    }

    describe(s) {
      const box = document.createElement("div");
      box.className = "stacks";
      const d = this.data, v = s.row.v;
      const part = (title, thread, index, stack) => {
        const figure = document.createElement("figure"), caption = document.createElement("figcaption");
        const b = document.createElement("b");
        b.textContent = title;
        caption.append(b, document.createElement("br"), `#${index} on ${v.v}, thread ${d.threads[thread] || "?"}`);
        const list = document.createElement("ol");
        list.className = "stack";
        for (const f of stack < 0 ? [] : d.stacks[stack]) {
          const li = document.createElement("li"), code = document.createElement("code");
          code.textContent = d.frames[f];
          li.append(code);
          list.append(li);
        }
        figure.append(caption, list);
        box.append(figure);
      };
      if (s.failure) part("The failure", s.failure[1], s.failure[3], s.failure[2]);
      if (s.life && s.life[OPEN] >= 0) part("Opened", s.life[OPENER], s.life[OPENINDEX], s.life[OPENSTACK]);
      if (s.life && s.life[CLOSE] >= 0) part("Closed", s.life[CLOSER], s.life[CLOSEINDEX], s.life[CLOSESTACK]);
      this.picked.append(box);
    }

    // finding returns the number of the finding that has a part here, from 0.
    finding(s) {
      const times = s.failure ? [s.failure[0]] : [s.life[OPEN], s.life[CLOSE]];
      for (const t of times) if (this.faults.has(t)) return this.faults.get(t);
      return -1;
    }

    key(e) {
      const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      if (steps[e.key]) this.step(...steps[e.key]);
      else if (e.key === "+" || e.key === "=") this.zoom(0.5);
      else if (e.key === "-" || e.key === "_") this.zoom(2);
      else if (e.key === "0" || e.key === "Home") this.all();
      else if (e.key === "Enter") this.enter();
      else if (e.key === "Escape") this.select(null);
      else return;
      e.preventDefault();
    }

    enter() {
      if (!this.selected) { this.step(1, 0); return; }
      const i = this.finding(this.selected);
      if (i >= 0) openFinding(this.input, i + 1);
    }

    // things are what can be selected in a row, in the order of time.
    things(row) {
      return row.lives.map(life => ({ row, life })).concat(row.failures.map(failure => ({ row, failure })))
        .sort((a, b) => this.middle(a) - this.middle(b));
    }

    step(dx, dy) {
      if (!this.rows.length) return;
      if (!this.selected) { this.select(this.things(this.rows[0])[0]); return; }
      const i = this.rows.indexOf(this.selected.row), t = this.middle(this.selected);
      if (dy) {
        const row = this.rows[Math.min(Math.max(i + dy, 0), this.rows.length - 1)];
        if (row === this.selected.row) return;
        this.select(this.things(row).reduce((a, b) => Math.abs(this.middle(b) - t) < Math.abs(this.middle(a) - t) ? b : a));
        return;
      }
      const list = this.things(this.selected.row);
      const k = list.findIndex(s => s.life === this.selected.life && s.failure === this.selected.failure);
      this.select(list[Math.min(Math.max(k + dx, 0), list.length - 1)]);
    }

    // find filters by words.
    find(words) {
      this.section.querySelector("[name=filter]").value = words;
      this.words = words.toLowerCase();
      this.filter();
    }

    // show selects what a finding is about.
    show(index) {
      this.site = -1;
      this.legend();
      this.find("");
      for (const row of this.rows) {
        const s = this.things(row).find(s => this.finding(s) === index);
        if (!s) continue;
        const t = [...this.faults].filter(f => f[1] === index).map(f => f[0]);
        const span = Math.max((Math.max(...t) - Math.min(...t)) * 1.6, 60);
        const all = Math.max(this.data.operations, 1);
        this.from = Math.min(Math.max((Math.max(...t) + Math.min(...t)) / 2 - span / 2, 0), Math.max(all - span, 0));
        this.to = Math.min(this.from + span, all);
        this.select(s);
        this.section.scrollIntoView({ behavior: "smooth", block: "start" });
        this.canvas.focus({ preventScroll: true });
        return;
      }
    }
  }

  const timelines = new Map();
  const openFinding = (input, number) => {
    const d = document.getElementById(`finding-${input}-${number}`);
    if (!d) return;
    d.open = true;
    d.scrollIntoView({ behavior: "smooth", block: "start" });
    d.querySelector("summary").focus({ preventScroll: true });
  };

  for (const section of document.querySelectorAll(".timeline")) timelines.set(section.dataset.input, new Timeline(section));
  for (const button of document.querySelectorAll("button.show")) {
    button.addEventListener("click", () => timelines.get(button.dataset.input).show(Number(button.dataset.finding) - 1));
  }
  // An address can name a finding (#finding-0-2) or a handle value (#0xcc).
  const follow = () => {
    const word = decodeURIComponent(location.hash.slice(1));
    const finding = /^finding-(\d+)-(\d+)$/.exec(word);
    if (finding) openFinding(finding[1], Number(finding[2]));
    else if (/^0x[0-9a-f]+$/i.test(word)) for (const t of timelines.values()) t.find(word);
    return Boolean(finding);
  };
  addEventListener("hashchange", follow);
  const first = document.querySelector(".finding");
  if (!follow() && first) first.open = true;
})();
