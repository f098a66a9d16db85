import ArgumentParser
import Catalog
import FoundationEssentials

/// `--catalog`, on every command that asks the catalog.
struct CatalogOverlayOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Entries of your own over the catalog (docs/schema/catalog.schema.json); may be repeated, the last one "
                + "wins.",
            valueName: "file"))
    var catalog: [String] = []

    /// The built-in catalog with the overlays on it.
    func combined() throws -> Catalog {
        var result = Catalog.builtIn
        for file in catalog {
            let bytes: [UInt8]
            do { bytes = Array(try Data(contentsOf: URL(filePath: file))) } catch {
                throw CommandFailure(.usage, "cannot read \(file)")
            }
            do { result = try result.overlaid(with: CatalogOverlay(bytes, file: file)) } catch {
                throw CommandFailure(
                    .usage, "\(error)", next: "docs/schema/catalog.example.yaml shows every member.")
            }
        }
        return result
    }
}
