"""Name pools by ethnic group, so that names are as unevenly common as real ones."""

from dataclasses import dataclass

import numpy as np
from faker.providers.person.en_GB import Provider as British
from faker.providers.person.en_IE import Provider as Irish
from faker.providers.person.en_IN import Provider as Indian

from samples.areas import words


@dataclass(frozen=True)
class Pool:
    """Given names by sex and family names, each with a weight; arrays of one length per kind."""

    male: tuple[str, ...]
    female: tuple[str, ...]
    family: tuple[str, ...]

    def draw(self, rng: np.random.Generator, kind: str, size: int) -> np.ndarray:
        """Draw `size` names of a kind ('male', 'female', 'family'); earlier names are commoner."""
        names = np.array(getattr(self, kind), dtype=object)
        weight = 1.0 / (np.arange(len(names)) + 8.0) ** 0.9
        return names[rng.choice(len(names), size, p=weight / weight.sum())]


def _ranked(weighted: object, *more: object) -> tuple[str, ...]:
    """Names by falling weight, then the further lists in their own order, without repeats."""
    first = sorted(weighted, key=lambda n: (-weighted[n], n)) if isinstance(weighted, dict) else []
    rest = [n for names in more for n in sorted(set(names))]
    return tuple(dict.fromkeys([*(first or sorted(set(weighted))), *rest]))


_MUSLIM = Pool(
    words(
        "Mohammed Muhammad Ali Ahmed Imran Hassan Abdul Khalid Tariq Asif Nadeem Saeed Bilal "
        "Usman Hamza Ibrahim Yusuf Omar Zahid Rashid Shahid Javed Arshad Amjad Faisal Iqbal "
        "Karim Rafiq Nasir Waqas"
    ),
    words(
        "Fatima Aisha Zainab Maryam Khadija Nasreen Shazia Rukhsana Farzana Samina Saima "
        "Nazia Yasmin Parveen Shabana Rubina Tahira Naseem Amina Hafsa Sadia Bushra Razia "
        "Zahida Sumaira Halima Rehana Noreen"
    ),
    words(
        "Khan Hussain Ahmed Ali Akhtar Begum Mahmood Malik Iqbal Shah Mohammed Bibi Rahman "
        "Aslam Hussein Mirza Chaudhry Butt Sheikh Qureshi Raja Miah Uddin Islam Chowdhury "
        "Haque Bashir Rashid Saleem Nawaz Siddiqui Dar"
    ),
)
_CHINESE = Pool(
    words("Wei Ming Jun Hao Kin Wing Chun Ho Yiu Jian Tao Lei Kwok Siu"),
    words("Mei Ying Li Xiu Fang Yan Hui Ling Yuk Lai Wai Jing Na Kam"),
    words("Wong Chan Li Chen Lee Cheung Lau Wang Zhang Liu Ng Leung Ho Yip Tang Lam Kwan"),
)
_AFRICAN = Pool(
    words(
        "Emmanuel Samuel Abdi Mohamed Daniel Chinedu Tunde Kwame Kofi Hassan Yusuf Ibrahim "
        "Joseph Femi Segun Tesfay Abdullahi Emeka"
    ),
    words(
        "Grace Blessing Amina Fatuma Hodan Ngozi Abena Mary Esther Halima Sahra Folake "
        "Chiamaka Adaeze Efua Selam Ifeoma Ruth"
    ),
    words(
        "Mohamed Okafor Adeyemi Abdi Hassan Mensah Ali Osei Okonkwo Yusuf Ibrahim Nwosu "
        "Adebayo Boateng Owusu Warsame Tesfaye Kamara Sesay Moyo Ncube Omar"
    ),
)
_POLISH = Pool(
    words("Piotr Krzysztof Andrzej Tomasz Paweł Michał Marcin Jan Marek Adam Łukasz"),
    words("Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Elżbieta Zofia"),
    words(
        "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański "
        "Woźniak Dąbrowski Kozłowski Mazur O'Dowd"
    ),
)
_BRITISH = Pool(
    _ranked(British.first_names_male, Irish.first_names_male),
    _ranked(British.first_names_female, Irish.first_names_female),
    _ranked(British.last_names, Irish.last_names),
)
_INDIAN = Pool(
    tuple(sorted(set(Indian.first_names_male))),
    tuple(sorted(set(Indian.first_names_female))),
    ("Patel", "Singh", "Kaur", "Sharma", *sorted(set(Indian.last_names))),
)
# One pool per entry of codes.ETHNICITIES.
POOLS: tuple[Pool, ...] = (
    _BRITISH, _BRITISH, _BRITISH, _POLISH, _BRITISH, _BRITISH, _INDIAN, _MUSLIM, _MUSLIM, _CHINESE,
    _INDIAN, _AFRICAN, _BRITISH, _AFRICAN, _MUSLIM, _AFRICAN,
)  # fmt: skip
