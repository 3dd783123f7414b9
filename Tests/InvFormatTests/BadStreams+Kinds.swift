import InvBytes
import InvFormat

extension BadStream {
  private static let ownedPath = "a file that is owned has not the path of one"

  static let files: [BadStream] = [
    header(
      "files-no-count", of: "files", "the header has no count of files or bytes", "bytes: 30\n",
      ""),
    footer(
      "files-footer", of: "files", "the footer counts other files than the 3 that came",
      "files: 3", "files: 2"),
    BadStream("files-index", of: "files", "the footer counts other files than the 3 that came") {
      $0.indexOffset = 1
    },
    BadStream("file-no-name", of: "files", "a file has no name or no origin") {
      $0["F"].text.replace("name: data/1.csv.gz\n", with: "")
    },
    BadStream("file-path", of: "files", "a file's path, format or schema is not one text") {
      $0["F"].text.replace("path: ", with: "path: a\t")
    },
    BadStream("file-unknown-line", of: "files", "unknown line 'md5': made by a newer inv") {
      $0["F"].text += "md5: 0\n"
    },
    BadStream("file-owned", of: "files-owned", "'owned' is not 'yes'") {
      $0["F"].text.replace("owned: yes", with: "owned: no")
    },
    BadStream("file-owned-path", of: "files-owned", ownedPath) {
      $0["F"].text.replace(".inv-0a.spool/1", with: "0a.spool/1")
    },
    BadStream("file-owned-no-path", of: "files-owned", ownedPath) {
      $0["F"].text.replace("path: /var/tmp/.inv-0a.spool/1\n", with: "")
    },
    BadStream("origin-parts", of: "files", "an origin has 3 parts") {
      $0["F"].text.replace("00Z\t\n", with: "00Z\n")
    },
    BadStream("origin-mount", of: "files", "a mount does not end in a slash") {
      $0["F"].text.replace("mnt/", with: "mnt")
    },
    BadStream("origin-time", of: "files", "there is no month 13") {
      $0["F"].text.replace("2026-11", with: "2026-13")
    },
    BadStream("origin-time-form", of: "files", "are not in their one form") {
      $0["F"].text.replace("00Z\t\n", with: "00.5Z\t\n")
    },
    BadStream("origin-columns-form", of: "files", "are not in their one form") {
      $0["F"].text.replace("00Z\t\n", with: "00Z\ta  b\n")
    },
    BadStream("chunk-of-no-file", of: "files", "bytes of no file") {
      $0.frames.insert($0["C"], at: 0)
    },
    BadStream("chunk-no-end", of: "files", "the bytes of a file have no end") {
      $0.frames.remove(at: $0.place("C") + 2)
    },
    BadStream("files-block", of: "files", "words in a file stream") {
      $0.frames.insert(RawStream.RawFrame("W", rows: 1, []), at: 0)
    },
  ]

  static let objects: [BadStream] = [
    header(
      "column-parts", of: "objects", "a 'column' line is not a name and a type", "state\tuint",
      "state"),
    header(
      "column-type", of: "objects", "column 'state' is of unknown type 'float'", "state\tuint",
      "state\tfloat"),
    header(
      "column-known-type", of: "objects", "column 'state' is of type int, not uint",
      "state\tuint", "state\tint"),
    header(
      "column-twice", of: "objects", "column 'kind' is declared twice", "state\tuint",
      "kind\tuint"),
    header(
      "column-key-twice", of: "objects", "column 'key2' is a second key", "state\tuint",
      "key2\tkey"),
    header(
      "column-key-first", of: "objects", "the first column is not the key", "key\tkey",
      "key\tuint"),
    header(
      "column-key-name", of: "objects", "the first column is not the key", "key\tkey",
      "prefix\tkey"),
    header(
      "column-name", of: "objects", "a column's name is not of visible ASCII characters",
      "encryption", "two words"),
    BadStream("columns-too-many", of: "objects", "there are more than 256 columns") {
      for place in 0..<256 { $0.header += "column: \(place)\tint\n" }
      $0.keepFooter()
    },
    BadStream("source-no-file", of: "objects", "a source has no file or no origin") {
      $0["S"].text.replace("file: data/1.csv.gz\n", with: "")
    },
    BadStream("source-unknown", of: "objects", "block of source 2, which was not announced") {
      $0["B"].sections.number = 2
    },
    BadStream("objects-no-rows", of: "objects", "a block of 0 rows") { $0["B"].rows = 0 },
    BadStream("objects-too-many-rows", of: "objects", "a block of 4097 rows") {
      $0["B"].rows = 4097
    },
    BadStream("objects-sections", of: "objects", "the block has 14 sections instead of 13") {
      $0["B"].sections.all.append(.integers([1, 2]))
    },
    BadStream("kind-range", of: "objects", "column 'kind' has a value out of range") {
      $0["B"].sections[3] = [0, 4]
    },
    BadStream("state-range", of: "objects", "column 'state' has a value out of range") {
      $0["B"].sections[4] = [5, 0]
    },
    BadStream("word-range", of: "objects", "column 'class' has a value out of range") {
      $0["B"].sections[7] = [0, 2]
    },
    BadStream("word-wraps", of: "objects", "column 'class' has a value out of range") {
      $0["B"].sections.all[7] = .init(
        sort: 0, width: 1, reserved: 0, count: 2, base: .max, bytes: [1, 2])
    },
    BadStream("word-before-its-frame", of: "objects", "column 'class' has a value out of range") {
      let words = $0.frames.remove(at: $0.place("W"))
      $0.frames.insert(words, at: $0.frames.count - 1)
    },
    footer(
      "objects-footer-rows", of: "objects", "the footer counts other rows than the 6 that came",
      "rows: 6", "rows: 5"),
    footer(
      "objects-footer-sources", of: "objects",
      "the footer counts other sources than the 2 that came", "sources: 2", "sources: 1"),
    BadStream("objects-index", of: "objects", "object rows have no block index") {
      $0.indexOffset = 32
    },
    BadStream("objects-file", of: "objects", "a file among object rows") {
      $0.frames.insert(RawStream.RawFrame("F", ""), at: 0)
    },
  ]

  static let headers: [BadStream] = [
    header(
      "order", of: "prefixes", "the rows are not in the order of their prefixes",
      "order: prefix\n", ""),
    header(
      "prefix-first", of: "prefixes", "the first column is not the prefix", "prefix\tkey",
      "key\tkey"),
    header(
      "prefix-column-type", of: "prefixes", "column 'listed' is of type int, not uint",
      "listed\tuint", "listed\tint"),
    header(
      "prefix-column-words", of: "prefixes", "column 'foo' of prefix rows has words",
      "listed\tuint", "foo\tword"),
    header(
      "times-half", of: "prefixes", "a column of prefix rows is missing",
      "column: newest-accessed\tint\n", ""),
    header(
      "cells-missing", of: "prefixes", "a column of prefix rows is missing",
      "column: cells\tuint\n",
      ""),
    header(
      "dimension-parts", of: "prefixes", "a 'dimension' line is not a name and a type",
      "class\tword", "class"),
    header(
      "dimension-type", of: "prefixes", "dimension 'class' is of unknown type 'map'",
      "class\tword", "class\tmap"),
    header(
      "dimension-twice", of: "prefixes", "dimension 'size' is declared twice", "class\tword",
      "size\tword"),
    header(
      "dimension-no-state", of: "prefixes",
      "the first of at most 16 dimensions is not the state", "dimension: state\tstate\n", ""),
    header(
      "dimension-second-state", of: "prefixes",
      "the first of at most 16 dimensions is not the state", "class\tword", "class\tstate"),
    BadStream(
      "dimensions-too-many", of: "prefixes",
      "the first of at most 16 dimensions is not the state"
    ) {
      for place in 0..<13 { $0.header += "dimension: d\(place)\tband\t0\n" }
      $0.keepFooter()
    },
    BadStream("dimensions-too-large", of: "prefixes", "the dimensions have more points than 2^64") {
      let edges = (0..<17).map(String.init).joined(separator: "\t")
      for place in 0..<12 { $0.header += "dimension: d\(place)\tband\t\(edges)\n" }
      $0.keepFooter()
    },
    header(
      "edges-no-zero", of: "prefixes", "the edges of dimension 'size' do not rise from 0",
      "0\t1\t1024", "1\t1024"),
    header(
      "edges-order", of: "prefixes", "the edges of dimension 'size' do not rise from 0",
      "0\t1\t1024", "0\t1024\t1024"),
    header(
      "edges-none", of: "prefixes", "the edges of dimension 'size' do not rise from 0",
      "0\t1\t1024", "unknown"),
    header(
      "age-of", of: "prefixes", "'age-of' names no time", "age-of: modified",
      "age-of: created"),
    header(
      "size-of", of: "prefixes", "'size-of' is not 'allocated'", "age-of: modified",
      "age-of: modified\nsize-of: logical"),
    header(
      "max-depth", of: "prefixes", "'max-depth' is out of range", "max-depth: 4",
      "max-depth: 65537"),
    header(
      "under-parts", of: "prefixes", "'under' is not one prefix", "max-depth: 4", "under: a\tb"),
    header(
      "origins-order", of: "prefixes", "the origins' mounts do not rise or nest", "origin: a/",
      "origin: b/\tb\t-\t\norigin: a/"),
    header(
      "origins-nest", of: "prefixes", "the origins' mounts do not rise or nest", "origin: a/",
      "origin: \tb\t-\t\norigin: a/"),
    header(
      "run-half", of: "prefixes", "the run's number or place in its set is missing", "run: 0\n",
      ""),
    header(
      "run-without-set", of: "prefixes", "the run's number or place in its set is missing",
      "set: 0123456789abcdef\n", ""),
    header(
      "run-number", of: "prefixes", "the run's number or place in its set is missing", "run: 0",
      "run: 4294967296"),
    header(
      "run-last", of: "prefixes", "the run's number or place in its set is missing", "last: no",
      "last: maybe"),
  ]
}
