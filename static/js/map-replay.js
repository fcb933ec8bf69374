// The slider of days: steps, changes, and playing.
const MapReplay = (() => {
  const TICK = 250;  // milliseconds

  class Replay {
    // `show(day, playing)` draws a day. `still`: nothing moves by itself more than once a second.
    constructor(root, towns, data, { show, still }) {
      this.root = root;
      this.towns = towns;
      this.texts = data.texts;
      this.show = show;
      this.tick = still ? 1000 : TICK;
      this.last = Math.max(towns.number(data.newest), towns.number(data.day));
      this.day = towns.number(data.day);
      this.timer = null;
      this.slider = root.querySelector("[data-slider]");
      this.output = root.querySelector("[data-day]");
      this.speed = root.querySelector("[data-speed]");
      this.listen();
      this.slider.min = Math.min(0, this.day);
      this.slider.max = this.last;
      root.querySelector("[data-first]").textContent = MapTowns.dayInWords(towns.iso(Number(this.slider.min)));
      root.querySelector("[data-last]").textContent = MapTowns.dayInWords(towns.iso(this.last));
      root.hidden = false;
      this.go(this.day);
    }

    listen() {
      this.slider.addEventListener("input", () => { this.pause(); this.go(Number(this.slider.value)); });
      for (const button of this.root.querySelectorAll("[data-step]")) {
        button.addEventListener("click", () => { this.pause(); this.go(this.day + Number(button.dataset.step)); });
      }
      for (const button of this.root.querySelectorAll("[data-change]")) {
        button.addEventListener("click", () => {
          this.pause();
          const day = this.towns.change(this.day, Number(button.dataset.change));
          if (day !== null) this.go(day);
        });
      }
      this.root.querySelector("[data-play]").addEventListener("click", () => (this.timer ? this.pause() : this.play()));
    }

    // Any day, also one outside of the slider's, which is then made to reach it.
    go(day, playing = false) {
      this.day = day;
      if (!playing) this.at = day;
      this.slider.min = Math.min(this.slider.min, day);
      this.slider.max = Math.max(this.slider.max, day);
      this.slider.value = day;
      const words = MapTowns.dayInWords(this.towns.iso(day));
      this.slider.setAttribute("aria-valuetext", words);
      this.output.textContent = words;
      this.root.querySelector('[data-change="-1"]').disabled = this.towns.change(day, -1) === null;
      this.root.querySelector('[data-change="1"]').disabled = this.towns.change(day, 1) === null;
      this.show(day, playing);
    }

    play() {
      if (this.day >= this.last) this.go(Number(this.slider.min));
      this.at = this.day;
      this.output.setAttribute("aria-live", "off");  // not every day is to be read out
      this.timer = setInterval(() => this.advance(), this.tick);
      this.sign("❚❚", this.texts.pause);
    }

    advance() {
      this.at = Math.min(this.at + (Number(this.speed.value) * this.tick) / 1000, this.last);
      const day = Math.floor(this.at);
      if (day !== this.day) this.go(day, true);
      if (day >= this.last) this.pause();
    }

    pause() {
      if (!this.timer) return;
      clearInterval(this.timer);
      this.timer = null;
      this.output.setAttribute("aria-live", "polite");
      this.sign("▶", this.texts.play);
      this.show(this.day, false);
    }

    sign(sign, word) {
      this.root.querySelector("[data-play-sign]").textContent = sign;
      this.root.querySelector("[data-play-word]").textContent = word;
    }
  }

  return { Replay };
})();
