"""How many threads a speech model gets."""

from models.cores import physical_cores, speech_threads

PROCESSOR = "processor\t: {0}\nphysical id\t: {1}\ncore id\t\t: {2}\n"


def machine(path, *cores):
    path.write_text("\n".join(PROCESSOR.format(number, *core) for number, core in enumerate(cores)))
    return path


def test_two_threads_of_one_core_are_one_core(tmp_path):
    assert physical_cores(machine(tmp_path / "cpuinfo", (0, 0), (0, 0))) == 1
    assert speech_threads(machine(tmp_path / "cpuinfo", (0, 0), (0, 0))) == 1


def test_two_cores_are_worth_two_threads_and_eight_no_more(tmp_path):
    assert speech_threads(machine(tmp_path / "cpuinfo", (0, 0), (0, 1))) == 2
    assert speech_threads(machine(tmp_path / "cpuinfo", *((0, core) for core in range(8)))) == 2


def test_the_same_core_number_of_two_sockets_is_two_cores(tmp_path):
    assert physical_cores(machine(tmp_path / "cpuinfo", (0, 0), (1, 0))) == 2


def test_a_system_that_does_not_tell_has_at_least_one(tmp_path):
    assert physical_cores(tmp_path / "missing") >= 1
    (tmp_path / "empty").write_text("")
    assert physical_cores(tmp_path / "empty") >= 1
