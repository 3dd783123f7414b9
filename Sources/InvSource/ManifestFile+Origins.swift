public import InvFormat
public import InvSystem

extension ManifestFile {
  /// Refuses mounts that are not one for each of `count` manifests, or none.
  public static func require(_ mounts: [[UInt8]], for count: Int) throws(Failure) {
    guard mounts.isEmpty || mounts.count == count else {
      throw .usage("--mount: \(mounts.count) for \(count) manifests; each needs its own")
    }
  }

  /// Where the rows of each manifest come from; refuses those that must not be added up.
  public static func origins(of manifests: [ManifestFile], mounts: [[UInt8]]) throws(Failure)
    -> [Origin]
  {
    let origins = manifests.enumerated().map { place, file in
      Origin(
        mount: mounts.isEmpty ? [] : mounts[place], bucket: file.manifest.sourceBucket,
        snapshot: file.manifest.created)
    }
    for place in origins.indices {
      for earlier in 0..<place {
        guard let conflict = origins[earlier].conflict(with: origins[place]) else { continue }
        let both = "\(printable(manifests[earlier].path)) and \(printable(manifests[place].path))"
        throw .usage("\(conflict): \(both) need --mount NAME/ each, no name within another")
      }
    }
    return origins
  }
}
