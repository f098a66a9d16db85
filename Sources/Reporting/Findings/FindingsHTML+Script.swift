extension FindingsHTML {
    /// Sorting and filtering of what stands in the page already; without it everything is shown by release.
    static let script = #"""

        'use strict';
        const tools = document.getElementById('tools');
        if (tools) {
          const rows = Array.from(document.querySelectorAll('table.findings tbody tr'));
          const sections = Array.from(document.querySelectorAll('section.release'));
          const homes = new Map(rows.map(row => [row, row.parentNode]));
          const flat = document.getElementById('flat');
          const find = document.getElementById('find');
          const state = document.getElementById('state');
          const code = document.getElementById('code');
          const group = document.getElementById('group');
          const shown = document.getElementById('shown');
          const boxes = Array.from(tools.querySelectorAll('input[name=severity]'));
          const texts = new Map(rows.map(row => [row, row.textContent.toLowerCase()]));
          const filter = () => {
            const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
            const wanted = new Set(boxes.filter(box => box.checked).map(box => box.value));
            let count = 0;
            for (const row of rows) {
              const text = texts.get(row);
              row.hidden = !(wanted.has(row.dataset.severity)
                && (!state.value || row.dataset.state === state.value)
                && (!code.value || row.dataset.code === code.value)
                && words.every(word => text.includes(word)));
              if (!row.hidden) count++;
            }
            flat.hidden = group.checked;
            for (const section of sections) {
              const left = section.querySelectorAll('tbody tr:not([hidden])').length;
              section.hidden = !group.checked || left === 0;
              section.querySelector('small').textContent = left + (left === 1 ? ' finding' : ' findings');
            }
            shown.textContent = count + ' of ' + rows.length + ' shown';
          };
          const regroup = () => {
            const target = flat.querySelector('tbody');
            for (const row of rows) (group.checked ? homes.get(row) : target).append(row);
            for (const head of document.querySelectorAll('th[aria-sort]')) head.removeAttribute('aria-sort');
            filter();
          };
          const compare = (a, b) => a.localeCompare(b, 'en', {numeric: true});
          for (const button of document.querySelectorAll('th button')) {
            button.addEventListener('click', () => {
              const head = button.closest('th');
              const body = head.closest('table').tBodies[0];
              const descending = head.getAttribute('aria-sort') === 'ascending';
              for (const other of head.parentNode.cells) other.removeAttribute('aria-sort');
              head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
              const key = button.dataset.key;
              const sign = descending ? -1 : 1;
              Array.from(body.rows)
                .sort((a, b) => sign * compare(a.dataset[key], b.dataset[key]) || a.dataset.order - b.dataset.order)
                .forEach(row => body.append(row));
            });
          }
          for (const control of [find, state, code, ...boxes]) control.addEventListener('input', filter);
          group.addEventListener('input', regroup);
          tools.addEventListener('submit', event => event.preventDefault());
          document.addEventListener('keydown', event => {
            if (event.key === '/' && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
              event.preventDefault();
              find.focus();
            } else if (event.key === 'Escape' && document.activeElement === find) {
              find.value = '';
              filter();
            }
          });
          tools.hidden = false;
          // What counts comes first; what is suppressed or known is a choice away.
          if (rows.some(row => row.dataset.state === 'counts')) state.value = 'counts';
          filter();
        }

        """#
}
