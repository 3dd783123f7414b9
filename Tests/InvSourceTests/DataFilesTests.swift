import InvDigest
import Foundation
import InvSystem
import TestSupport
import Testing

@testable import InvSource

@Suite struct DataFilesTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func manifest(_ name: String, key: String, size: Int = 2) throws -> ManifestFile {
    let text = manifestText(
      ("2147483647", "\(size)"), ("dp/example/daily/data/1.csv.gz", key),
      ("f11166069f1990abeb9c97ace9cdfabc", "b026324c6904b2a9cb4b88d6d61c81d1"))
    return try ManifestFile(at: try scratch.write(name, text), snapshot: nil) { _ in }
  }

  private func find(_ file: ManifestFile) throws -> String {
    var files = DataFiles(of: file, number: 0)
    let found = try files.find(file.manifest.files[0])
    #expect(found.path.hasPrefix("/"))
    return String(found.path.dropFirst(try resolvedPath(scratch.path).utf8.count + 1))
  }

  /// The places in the order they are tried: each file found is taken away for the next.
  @Test func order() throws {
    let key = "dp/bucket/daily/data/a+b.csv"
    let file = try manifest("x/y/now/manifest.json", key: key)
    let places = [
      "x/y/now/\(key)", "x/y/now/dp/bucket/daily/data/a b.csv", "x/y/\(key)", "x/\(key)", key,
      "dp/bucket/daily/data/a b.csv", "x/y/data/a b.csv", "x/y/data/a+b.csv", "x/y/now/a b.csv",
      "x/y/now/a+b.csv",
    ]
    for place in places { try scratch.write(place, Array("1\n".utf8)) }
    for place in places {
      #expect(try find(file) == place)
      try FileManager.default.removeItem(atPath: "\(scratch.path)/\(place)")
    }
    #expect(throws: Failure.self) { try find(file) }
  }

  @Test(arguments: [
    "../x", "a/../../x", "/x", "./x", "a/./x", "%2e%2e/x", "a%2F..%2Fx", "//x", "../now/../x",
  ]) func keysNeverLeadOut(key: String) throws {
    let file = try manifest("outer/inner/now/manifest.json", key: key)
    try scratch.write("outer/inner/x", Array("1\n".utf8))
    try scratch.write("outer/x", Array("1\n".utf8))
    try scratch.write("x", Array("1\n".utf8))
    #expect(throws: Failure.self) { try find(file) }
    try scratch.write("outer/inner/data/x", Array("1\n".utf8))
    #expect(try find(file) == "outer/inner/data/x")
  }

  @Test func otherSizeAndFolder() throws {
    let file = try manifest("now/manifest.json", key: "data/x")
    try scratch.write("data/x", Array("12\n".utf8))
    #expect(throws: Failure.self) { try find(file) }
    try FileManager.default.removeItem(atPath: scratch.path + "/data/x")
    try scratch.write("data/x/y", Array("1\n".utf8))
    #expect(throws: Failure.self) { try find(file) }
  }

  @Test func digestsComeInOrder() throws {
    let paths = try (0..<50).map { try scratch.write("\($0)", Array("\($0)".utf8)) }
    let digests = try DataFileDigests(of: paths + [scratch.path + "/none"], threads: 4)
    for place in paths.indices {
      #expect(try digests.digest(place) == MD5.of(Array("\(place)".utf8)))
    }
    #expect(throws: Failure.self) { try digests.digest(50) }
  }
}

@Suite struct DataFileSharesTests {
  private func files(_ count: Int, _ draw: inout SeededGenerator) throws -> [DataFile] {
    let status = try #require(try FileStatus.of("/"))
    let md5 = try MD5.of([])
    return (0..<count).map { number in
      let size = UInt64.random(in: 0...20, using: &draw) * (number % 3 == 0 ? 1 : 1000)
      let listed = Manifest.File(key: Array("\(number / 2)".utf8), size: size, md5: md5)
      return DataFile(listed: listed, manifest: number % 2, path: "\(number)", status: status)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64]) func everyFileIsInOneShare(seed: UInt64) throws {
    var draw = SeededGenerator(seed)
    for count in [0, 1, 2, 7, 100] {
      let all = try files(count, &draw)
      let mixed = all.shuffled(using: &draw)
      for shares in [1, 2, 3, 16, 101] {
        var dealt: [String] = []
        var sums: [UInt64] = []
        for number in 1...shares {
          let share = paths(all, number, shares)
          #expect(paths(mixed, number, shares).sorted() == share.sorted(), "seed \(seed)")
          dealt += share
          sums.append(all.filter { share.contains($0.path) }.reduce(0) { $0 + $1.listed.size })
        }
        #expect(dealt.sorted() == all.map(\.path).sorted(), "seed \(seed)")
        // Largest first leaves no share ahead of another by more than its last file.
        let largest = all.map(\.listed.size).max() ?? 0
        #expect((sums.max() ?? 0) - (sums.min() ?? 0) <= largest, "seed \(seed)")
      }
    }
  }

  private func paths(_ files: [DataFile], _ number: Int, _ count: Int) -> [String] {
    DataFileShares.share(number, of: count, files.map(\.listed)) { [UInt8(files[$0].manifest)] }
      .map { files[$0].path }
  }
}
