/* Counts the events that libyaml finds in files named on standard input, one path a line: the plain way to parse. */
#include <stdio.h>
#include <string.h>
#include <yaml.h>

int main(void) {
    char path[8192];
    long events = 0, stopped = 0;
    while (fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = 0;
        FILE *file = fopen(path, "rb");
        if (!file) { perror(path); return 1; }
        yaml_parser_t parser;
        yaml_parser_initialize(&parser);
        yaml_parser_set_input_file(&parser, file);
        for (;;) {
            yaml_event_t event;
            if (!yaml_parser_parse(&parser, &event)) { stopped++; break; }
            int end = event.type == YAML_STREAM_END_EVENT;
            yaml_event_delete(&event);
            events++;
            if (end) break;
        }
        yaml_parser_delete(&parser);
        fclose(file);
    }
    printf("%ld events, %ld files stopped at an error\n", events, stopped);
    return 0;
}
