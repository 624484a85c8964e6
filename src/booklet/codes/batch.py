"""Codes of batches."""

from __future__ import annotations

from booklet.codes.code import Chapter, Code

_W = "warning"

# fmt: off
BATCH = Chapter(
    "Batches",
    (
        Code("catalogue-kind", "The catalogue is of no kind that is known, or is itself a publication.",
             "A `.csv`, `.tsv`, `.jsonl` or `.yaml` file, or a folder of publications."),
        Code("catalogue-empty", "There is no booklet in the catalogue.", "A row for each booklet."),
        Code("column-unknown", "A column that is no key of the header and none of the catalogue's own, "
             "or that stands twice.",
             "See [batch.md](batch.md#columns); a column of remarks begins with `#`."),
        Code("slug-invalid", "A slug that cannot name files.",
             "Small ASCII letters, digits and single hyphens: `guest-0001`."),
        Code("slug-duplicate", "Two booklets would write the same files.", "Give each row a slug of its own."),
        Code("section-unknown", "A row asks for a section that the publication has not.",
             "Its number, a range of numbers such as `2-4`, or the id of its heading."),
        Code("picture-unknown", "A row replaces a picture that the manuscript has not.",
             "The name as the manuscript writes it: `images.images/map.png`."),
        Code("field-name", "A field of the manuscript without a name.", "`[各位读者]{.field name=recipient}`"),
        Code("field-unknown", "A row has words for a field that the manuscript has not.",
             "Spell it as the manuscript does."),
        Code("field-empty", "A row has no words for a field: those of the manuscript stand there.",
             "Fill the cell of `words.NAME`.", _W),
        Code("booklet-time", "A booklet takes longer than it may.", "`--limit-time`, or a smaller booklet."),
        Code("booklet-died", "The process that makes a booklet ends, twice.",
             "Often too little memory: fewer `--jobs`, smaller pictures."),
        Code("booklet-fault", "A fault of booklet itself, met while one booklet was made.",
             "Build that booklet alone with `BOOKLET_TRACEBACK=1` and report what it prints."),
        Code("out-unwritable", "A file cannot be written.",
             "Make room, or choose another folder, and run the same batch again: it goes on where it stopped."),
        Code("out-busy", "Another batch is at work in the same folder.", "Wait for it, or write elsewhere with `-o`."),
        Code("out-address", "The address of the outputs cannot be understood.",
             "A folder, or an address that fsspec knows."),
        Code("cluster-missing", "The library for clusters, or for the address of the outputs, is not installed.",
             "`pip install 'booklet-press[cluster]'`"),
        Code("cluster-unreachable", "No scheduler answers at the address, or it has no workers.",
             "`dask scheduler`, and `dask worker ADDRESS --nthreads 1`."),
        Code("cluster-version", "A worker of the cluster has another version of booklet.",
             "Install the same version on every machine."),
        Code("merge-left-out", "The merged file lacks a booklet.", "Mend its row and run the batch again.", _W),
        Code("merge-mixed", "Booklets for different printing conditions cannot be merged.",
             "Give all of them the same `press` keys."),
    ),
)
# fmt: on
