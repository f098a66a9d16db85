import Manifests

extension FileRouter {
    /// The commands for a person without kirikae: what to write, and a way to write it that readers of the file bear.
    static func byHand(settings: JSONValue, weights: Weights) -> String? {
        guard let path = settings["path"]?.string, let route = settings["route"]?.string else { return nil }
        let file = ShellWord.quoted(path)
        let filter = ".routes[$route].blue = \(weights.blue) | .routes[$route].green = \(weights.green)"
        return """
            # In \(path), under routes, \(JSONValue.string(route).canonicalText): {"blue":\(weights.blue),"green":\(weights.green)}
            jq --arg route \(ShellWord.quoted(route)) \(ShellWord.quoted(filter)) \(file) > \(ShellWord.quoted(path + ".by-hand")) \\
              && mv \(ShellWord.quoted(path + ".by-hand")) \(file)
            """
    }
}
