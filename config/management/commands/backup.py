@dataclass
class Made:
    """An archive that was made. `missing` and `damaged` name attachments of the database by their SHA-256."""

    archive: Path
    manifest: dict[str, Any]
    removed: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether every attachment that the database names is in the archive with its right bytes."""
        return not (self.manifest["missing"] or self.manifest["damaged"])


def make(folder: Path, *, at: datetime, keep: int | None = None) -> Made:
    """Make an archive in this folder; with `keep`, remove all but the newest so many.

    The attachments are copied after the dump has begun. Their bytes are on the disk before their row is written
    and are never changed or taken away, so every row of the dump finds its file; a file that came later does no
    harm. The other order would lose the files that came between the two.
    """
    archive = folder / f"{APPLICATION}-{at.astimezone(UTC):%Y%m%d-%H%M%S}.tar"
    with _alone_in(folder) as work:
        if archive.exists():
            raise CannotBackUp(f"{archive} is there already.")
        dump = work / DUMP
        named, manifest = _dump(dump)
        fresh = work / archive.name
        with os.fdopen(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, CLOSED), "w+b") as out:
            _fill(out, dump, named, manifest | {"made_at": at.astimezone(UTC).isoformat()})
            out.flush()
            os.fsync(out.fileno())
            made = Made(archive, read(out).manifest)
        fresh.rename(archive)
        _flush_folder(folder)
        if keep is not None and made.is_whole:
            made.removed = _remove_older(folder, keep)
    return made


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[Path]:
    """A closed folder to work in, on the disk that the archive goes to; one backup at a time."""
    if not folder.is_dir():  # made here, it could hide that the backup disk is not there
        raise CannotBackUp(f"{folder} is not a folder; is the backup disk there?")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CannotBackUp(f"{folder} may not be written to.")
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as refusal:
            raise CannotBackUp(f"Another backup into {folder} is running.") from refusal
        for left in folder.glob(f".{APPLICATION}-*"):  # of a backup that was killed
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=f".{APPLICATION}-", dir=folder) as work:
            yield Path(work)
    finally:
        os.close(handle)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _remove_older(folder: Path, keep: int) -> list[str]:
    """Take away all archives but the newest; the name of an archive is its time."""
    names = sorted(path.name for path in folder.iterdir() if NAME.fullmatch(path.name))
    older = names[:-keep]
    for name in older:
        (folder / name).unlink()
    return older



# ---- db
def _dump(target: Path) -> tuple[set[str], dict[str, Any]]:
    """Dump the database; the hashes of its attachments, and what stands in it at that same instant."""
    try:
        with psycopg.connect(settings.BACKUP_URL) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            snapshot = _one(connection, "SELECT pg_export_snapshot()")
            facts = facts_of(connection)
            table = Attachment._meta.db_table
            if table not in facts["rows"]:
                raise CannotBackUp("The database is empty: nothing was migrated into it yet.")
            named = _column(connection, sql.SQL("SELECT DISTINCT sha256 FROM {}"), table)
            _pg_dump(target, str(snapshot), major_of(connection))
    except psycopg.Error as refusal:
        raise CannotBackUp(f"The database cannot be read: {refusal}") from refusal
    return set(named), facts


def _pg_dump(target: Path, snapshot: str, major: int) -> None:
    target.touch(CLOSED)
    address, environment = connect_words(settings.BACKUP_URL)
    command = [
        find_program("pg_dump", major), "--format=custom", "--no-password", "--lock-wait-timeout=60s",
        f"--snapshot={snapshot}", f"--file={target}", f"--dbname={address}",
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603  our own command
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=processes.end_with_parent(signal.SIGTERM),
    )
    if done.returncode:
        raise CannotBackUp(f"pg_dump did not succeed: {done.stderr.strip()}")


