import Manifests

/// The file that kirikae writes for nginx: a `split_clients` block, and a marker that says which file is in force.
///
/// nginx has no way to tell its running configuration (`nginx -T` shows the disk), so every answer carries the marker.
struct SplitInclude: Sendable, Hashable {
    /// Without the dollar; the marker's variable is this one with `_marker` behind it.
    let variable: String
    /// What the split goes by, such as `$request_id`, or `$remote_addr` to keep a client on one side.
    let key: String
    let blue: String
    let green: String
    let header: String

    /// The marker of the file with these weights: equal for equal files, another one for every other.
    func marker(_ weights: Weights) -> String {
        let digest = Digest(of: .array([variable, key, blue, green, header].map(JSONValue.string)))
        return "g\(weights.green)-\(digest.short)"
    }

    /// The whole file.
    func text(_ weights: Weights) -> String {
        let lines =
            switch weights {
            case .allBlue: "    * \(blue);"
            case .allGreen: "    * \(green);"
            // What is named first gets the lowest hashes, so a client once on green stays there as green's share grows.
            default: "    \(weights.green)% \(green);\n    * \(blue);"
            }
        return """
            # kirikae keeps the weights of a route here: \(weights).
            # It replaces the whole file and refuses one that it did not write. In force after a reload; kirikae sees that by
            #     add_header \(header) $\(variable)_marker always;
            split_clients "\(key)" $\(variable) {
            \(lines)
            }
            map "" $\(variable)_marker {
                default "\(marker(weights))";
            }

            """
    }

    /// The weights of a file, nil when kirikae would not have written it.
    func weights(ofText found: String) -> Weights? { all.first { text($0) == found } }

    /// The weights of a marker, nil for one that is not ours.
    func weights(ofMarker found: String) -> Weights? { all.first { marker($0) == found } }

    private var all: some Sequence<Weights> { (0...100).lazy.compactMap { Weights(green: $0) } }
}
