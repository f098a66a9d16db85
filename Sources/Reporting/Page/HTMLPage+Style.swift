extension HTMLPage {
    /// The look of every page: two schemes of colours, one column when narrow, everything open on paper.
    static let style = #"""

        :root {
          --paper: #fff; --ink: #1c2128; --soft: #57606a; --line: #d5dae0; --raised: #f5f7f9; --link: #0a58ca;
          --breaks: #b3141d; --breaks-back: #fdebec; --warns: #7a4b00; --warns-back: #fdf3dc;
          --info: #1a5085; --info-back: #e8f1fb; --good: #14652c; --good-back: #e6f5ea;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #14181d; --ink: #e4e8ec; --soft: #9aa5b1; --line: #343c46; --raised: #1d232a; --link: #7db4ff;
            --breaks: #ff9a9a; --breaks-back: #43191c; --warns: #f3c46b; --warns-back: #3a2c10;
            --info: #93c5fd; --info-back: #16293f; --good: #86d79c; --good-back: #14301d;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body {
          margin: 0; background: var(--paper); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
        }
        main, footer { max-width: 84rem; margin: 0 auto; padding: 1rem 1.5rem; }
        footer { color: var(--soft); border-top: 1px solid var(--line); margin-top: 2rem; overflow-wrap: anywhere; }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: .6rem 0 .2rem; }
        h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
        h2 small { font-weight: normal; color: var(--soft); font-size: .9rem; margin-left: .4rem; }
        p { margin: .4rem 0; max-width: 62rem; }
        a { color: var(--link); }
        code, pre, .where {
          font: .9em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
        }
        code { overflow-wrap: anywhere; }
        pre {
          background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem;
          overflow-x: auto;
        }
        .lead { font-size: 1.05rem; }
        .soft { color: var(--soft); }
        .tiles { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; padding: 0; list-style: none; }
        .tiles li {
          border: 1px solid var(--line); border-radius: 8px; padding: .45rem .9rem; min-width: 7rem;
          background: var(--raised);
        }
        .tiles b { display: block; font-size: 1.5rem; line-height: 1.2; }
        .box { border: 1px solid var(--line); border-left-width: 5px; border-radius: 6px; padding: .6rem 1rem; margin: 1rem 0; }
        .box h2 { margin: 0 0 .3rem; }
        .box ul { margin: .3rem 0; padding-left: 1.2rem; }
        .box li { overflow-wrap: anywhere; }
        .breaks { color: var(--breaks); background: var(--breaks-back); border-color: var(--breaks) !important; }
        .warns { color: var(--warns); background: var(--warns-back); border-color: var(--warns) !important; }
        .info { color: var(--info); background: var(--info-back); border-color: var(--info) !important; }
        .good { color: var(--good); background: var(--good-back); border-color: var(--good) !important; }
        .box > * { color: var(--ink); }
        .badge {
          display: inline-block; border: 1px solid; border-radius: 999px; padding: 0 .6rem; font-size: .85rem;
          font-weight: 600; white-space: nowrap;
        }
        .note { font-size: .85rem; color: var(--soft); display: block; margin-top: .15rem; }
        table { width: 100%; border-collapse: collapse; table-layout: fixed; }
        th, td { text-align: left; vertical-align: top; padding: .55rem .7rem; border-bottom: 1px solid var(--line); }
        th { color: var(--soft); font-size: .85rem; font-weight: 600; }
        td { overflow-wrap: anywhere; }
        td p { margin: 0 0 .25rem; }
        .findings .c1 { width: 10.5rem; } .findings .c2 { width: 30%; }
        tbody tr:hover { background: var(--raised); }
        th button {
          font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: left;
        }
        th button::after { content: " ↕"; opacity: .55; }
        th[aria-sort=ascending] button::after { content: " ↑"; opacity: 1; }
        th[aria-sort=descending] button::after { content: " ↓"; opacity: 1; }
        .tools {
          display: flex; flex-wrap: wrap; gap: .5rem 1.1rem; align-items: center; position: sticky; top: 0; z-index: 1;
          background: var(--paper); border-bottom: 1px solid var(--line); padding: .6rem 0; margin-top: 1rem;
        }
        .tools input[type=search], .tools select {
          font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 6px;
          padding: .3rem .6rem;
        }
        .tools input[type=search] { flex: 1 1 14rem; min-width: 0; }
        .tools label { white-space: nowrap; }
        :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        [hidden] { display: none !important; }
        @media (max-width: 46rem) {
          main, footer { padding: .8rem; }
          .tools { position: static; }
          .tiles li { flex: 1 1 6.5rem; min-width: 0; }
          table, tbody, tr, td { display: block; width: 100%; }
          thead { position: absolute; left: -9999px; }
          tr { border: 1px solid var(--line); border-radius: 8px; margin: .6rem 0; padding: .3rem 0; }
          td { border: 0; padding: .3rem .8rem; }
        }
        @media print {
          :root {
            --paper: #fff; --ink: #000; --soft: #444; --line: #999; --raised: #fff; --link: #000;
            --breaks: #8a0010; --breaks-back: #fff; --warns: #5c3900; --warns-back: #fff; --info: #123d66;
            --info-back: #fff; --good: #0e4d21; --good-back: #fff;
          }
          body { font-size: 10pt; }
          main, footer { max-width: none; padding: 0; }
          .tools { display: none; }
          th button::after { content: none; }
          tr, .box, .tiles { break-inside: avoid; }
          h2 { break-after: avoid; }
          thead { display: table-header-group; }
        }

        """#
}
