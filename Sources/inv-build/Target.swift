import InvBytes
import InvFormat
import InvSystem
import InvText

/// The index that is to be made, and the one that is there.
struct Target {
  private let place: IndexTarget

  init(_ output: String) throws(Failure) { place = try IndexTarget(output, what: "--output") }

  var path: String { place.path }
  /// The folder that it lies in, and its name there.
  var folder: String { place.folder }
  var name: String { place.name }

  private var manifest: String { path + "/manifest.json" }

  /// What tells one index of this name from the next.
  func identity() throws(Failure) -> FileStatus? { try FileStatus.of(manifest) }

  /// Removes what an inv-mkindex that was killed has left.
  func removeLeftovers() { try? place.removeLeftovers() }

  /// Refuses to replace what is there, unless it is an index and that is asked for.
  func refuse(unless isForced: Bool) throws(Failure) {
    _ = try place.isOccupied(isReplacing: isForced)
  }

  /// Whether the index that is there holds each of `origins`, or a newer snapshot of it.
  func holds(_ origins: [Origin]) throws(Failure) -> Bool {
    guard try identity() != nil else { return false }
    let text = try Descriptor.reading(manifest).contents(limit: 64 << 20)
    let document: JSONValue
    do throws(FormatError) { document = try JSON.parse(text, lossless: true) } catch {
      throw .data("\(printable(manifest)): byte \(error.at): \(error.what)")
    }
    guard let held = document["origins"]?.array else {
      throw .data("\(printable(manifest)) does not say of what the index is")
    }
    // One that holds more, or other buckets, is another index.
    return held.count == origins.count
      && origins.allSatisfy { origin in
        held.contains { entry in
          guard let time = entry["snapshot"]?.bytes, let wanted = origin.snapshot,
            let seconds = try? Timestamp.seconds(from: time)
          else { return false }
          return entry["mount"]?.bytes == origin.mount && entry["name"]?.bytes == origin.bucket
            && seconds >= wanted
        }
      }
  }
}
