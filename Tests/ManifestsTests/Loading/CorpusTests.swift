import FoundationEssentials
import Manifests
import Testing

/// Public manifests beside the project; a user's clone does not have them.
enum Corpus {
    static let path = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" } + "/../shared/corpus"

    static var isPresent: Bool { FileManager.default.fileExists(atPath: path) }
}

@Suite("The corpus of public manifests", .enabled(if: Corpus.isPresent, "no ../shared/corpus here"))
struct CorpusTests {
    @Test("Every file is read, skipped with a reason, or an error with its place")
    func accounted() throws {
        let report = ManifestLoader().load([Corpus.path])
        let closed = report.skipped.filter { $0.scope == .directory }.map { $0.path + "/" }
        let files = try FileManager.default.subpathsOfDirectory(atPath: Corpus.path).map { "\(Corpus.path)/\($0)" }
            .filter { path in
                var isDirectory = false
                return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory
                    && !closed.contains { path.hasPrefix($0) }
            }
        #expect(report.filesSeen == files.count)
        #expect(report.filesSeen == report.filesRead + report.filesSkipped + report.filesFailed)
        #expect(report.objects.count > 500)
        for error in report.errors { #expect(error.location != nil, "\(error)") }
    }

    @Test("Every object survives being written as YAML and read again")
    func roundTrip() throws {
        for loaded in ManifestLoader().load([Corpus.path]).objects {
            let text = YAML.text(loaded.object.json)
            let documents = try YAML.documents(Array(text.utf8), file: loaded.origin)
            #expect(documents.map(\.value) == [loaded.object.json])
        }
    }

    @Test("Every place of every object lies within its file")
    func places() {
        for loaded in ManifestLoader().load([Corpus.path]).objects {
            let start = loaded.location
            for member in loaded.object.json.object ?? [:] {
                let path = FieldPath([.member(member.key)])
                #expect(loaded.keyLocation(of: path) >= start)
                #expect(loaded.location(of: path) >= loaded.keyLocation(of: path))
            }
        }
    }
}
