/// The samples of one metric in the text that Prometheus scrapes.
///
/// Tolerant: comments, other metrics, timestamps, exemplars and lines that make no sense are passed over, for servers of
/// ten releases and aggregators in between write them.
struct PrometheusText {
    /// One line: labels and value.
    struct Sample: Hashable {
        var labels: [String: String]
        var value: Double
    }

    /// The samples of a metric, in the order of the text.
    static func samples(of metric: String, in text: [UInt8]) -> [Sample] {
        let name = Array(metric.utf8)
        return text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let line = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard line.starts(with: name) else { return nil }
            var rest = line.dropFirst(name.count)[...]
            guard let next = rest.first else { return nil }
            var labels: [String: String] = [:]
            if next == UInt8(ascii: "{") {
                guard let found = Self.labels(&rest) else { return nil }
                labels = found
            } else if next != UInt8(ascii: " "), next != UInt8(ascii: "\t") {
                return nil  // Another metric whose name only begins so.
            }
            let word = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
                .prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") && $0 != UInt8(ascii: "\r") }
            guard let value = Double(String(decoding: word, as: UTF8.self)) else { return nil }
            return Sample(labels: labels, value: value)
        }
    }

    /// `{name="value",…}`; leaves what follows the brace.
    private static func labels(_ rest: inout ArraySlice<UInt8>) -> [String: String]? {
        rest.removeFirst()
        var labels: [String: String] = [:]
        while true {
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") }
            guard let first = rest.first else { return nil }
            if first == UInt8(ascii: "}") {
                rest.removeFirst()
                return labels
            }
            let name = rest.prefix { $0 != UInt8(ascii: "=") }
            rest = rest.dropFirst(name.count + 1)
            guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
            var value: [UInt8] = []
            while true {
                guard let byte = rest.popFirst() else { return nil }
                if byte == UInt8(ascii: "\"") { break }
                guard byte == UInt8(ascii: "\\") else {
                    value.append(byte)
                    continue
                }
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped == UInt8(ascii: "n") ? UInt8(ascii: "\n") : escaped)
            }
            labels[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
        }
    }
}
