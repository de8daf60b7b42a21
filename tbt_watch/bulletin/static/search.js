// Search without a server: fetches the files of the words asked for, then those of the notices found. Works from a disk too.
(function () {
  "use strict";
  var out = document.getElementById("found"), box = document.getElementById("q"), said = document.getElementById("said");
  var text = out.dataset, coming = {}, names = [], words = {}, notices = {}, SHOWN = 50, TOGETHER = 64, turn = 0;

  window.tbtNames = function (given) { names = given; };
  window.tbtWords = function (given) { Object.assign(words, given); };
  window.tbtNotices = function (given) { given.forEach(function (one) { notices[one[0]] = one; }); };

  function load(file) {
    if (!coming[file]) coming[file] = new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = file; script.onload = done;
      script.onerror = function () { delete coming[file]; failed(); };
      document.head.appendChild(script);
    });
    return coming[file];
  }

  function fold(given) {
    return given.toLowerCase().replace(/[đð]/g, "d").normalize("NFD").replace(/\p{M}/gu, "");
  }
  function nameOf(word) { return word.replace(/[^a-z0-9]/g, "_"); }

  // The files in which a word stands; with `more` also those of words that begin with it.
  function filesOf(word, more) {
    var own = nameOf(word), best = "";
    names.forEach(function (name) { if (own.startsWith(name) && name.length > best.length) best = name; });
    return names.filter(function (name) { return name === best || (more && name.startsWith(own)); });
  }

  function unpack(packed, weight, into) {
    var at = 0;
    packed.split(",").forEach(function (step) {
      at += parseInt(step, 36);
      var number = at >> 1, points = weight * (at & 1 ? 3 : 1);
      if (!(into[number] >= points)) into[number] = points;
    });
  }

  function hits(word, more) {
    var found = {};
    if (more) Object.keys(words).forEach(function (other) {
      if (other.startsWith(word) && other !== word && !other.includes(" ")) unpack(words[other], 1, found);
    });
    if (Object.hasOwn(words, word)) unpack(words[word], 4, found);
    return found;
  }

  function rank(asked) {
    var score = null;
    asked.forEach(function (word, at) {
      var found = hits(word, at === asked.length - 1 || /^\d/.test(word)), next = {};
      Object.keys(found).forEach(function (number) {
        if (!score || score[number]) next[number] = found[number] + (score ? score[number] : 0);
      });
      score = next;
    });
    for (var at = 1; at < asked.length; at++) {
      var both = hits(asked[at - 1] + " " + asked[at], false);
      Object.keys(both).forEach(function (number) { if (score[number]) score[number] += 20; });
    }
    return Object.keys(score || {}).sort(function (a, b) { return score[b] - score[a] || b - a; });
  }

  function state(one) {
    if (!one[6]) return [one[4], one[5]];
    var now = new Date(Date.now() + 7 * 36e5).toISOString().slice(0, 10);  // the day in Viet Nam
    var left = Math.round((Date.parse(one[6]) - Date.parse(now)) / 864e5);
    if (left < 0) return ["closed", text.closed];
    if (left === 0) return ["closing", text.last];
    return [left > 14 ? "open" : "closing", (left === 1 ? text.one : text.many).replace("{n}", left)];
  }

  function add(parent, tag, kind, content) {
    var made = document.createElement(tag);
    if (kind) made.className = kind;
    if (content) made.textContent = content;
    return parent.appendChild(made);
  }

  function show(numbers, total) {
    out.textContent = "";
    said.textContent = total ? text.count.replace("{n}", total) + (total > SHOWN ? " " + text.more.replace("{n}", SHOWN) : "") : text.none;
    numbers.forEach(function (number) {
      var one = notices[number];
      if (!one) return;
      var item = add(out, "li"), told = state(one);
      add(item, "p", "line", one[3]);
      add(add(item, "p", "head"), "a", "", one[2]).href = "../" + one[1] + "index.html";
      add(add(item, "p", "state"), "span", "badge " + told[0], told[1]);
    });
  }

  async function search() {
    var mine = ++turn, asked = (fold(box.value).match(/[\p{L}\p{N}]+/gu) || []).slice(0, 12);
    if (!asked.length) { out.textContent = said.textContent = ""; return; }
    try {
      await load("names.js");
      var files = new Set();
      asked.forEach(function (word, at) {
        filesOf(word, at === asked.length - 1 || /^\d/.test(word)).forEach(files.add, files);
        if (at) filesOf(asked[at - 1] + " " + word, false).forEach(files.add, files);
      });
      await Promise.all([...files].map(function (name) { return load("w/" + name + ".js"); }));
      var ranked = rank(asked), shown = ranked.slice(0, SHOWN);
      await Promise.all([...new Set(shown.map(function (n) { return Math.floor(n / TOGETHER); }))].map(function (n) { return load("n/" + n + ".js"); }));
      if (mine === turn) show(shown, ranked.length);
    } catch (failed) {
      if (mine === turn) said.textContent = text.failed;
    }
  }

  document.getElementById("search").addEventListener("submit", function (event) {
    event.preventDefault();
    history.replaceState(null, "", "?q=" + encodeURIComponent(box.value));
    search();
  });
  box.value = new URLSearchParams(location.search).get("q") || "";
  search();
})();
